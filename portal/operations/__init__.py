"""The verbs of the office: load, decide, change, write the journal."""
