"""A working day of a whole service, sent to the portal as officers would send it; `scripts/load.py` runs it."""
