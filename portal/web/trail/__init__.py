"""The audit trail in the words of the office: acts, tables, columns and their values."""
