"""WHO: the four levels, their posts, and what each may read, write and sign."""
