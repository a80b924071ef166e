"""WHEN: the table of the procedure, its clocks, and the pure engine that reads them."""
