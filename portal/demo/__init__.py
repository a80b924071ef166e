"""The demonstration: a made-up union of five states whose year of work is replayed through the real operations."""
