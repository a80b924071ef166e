"""The questions that the portal asks its database: the only room that does."""
