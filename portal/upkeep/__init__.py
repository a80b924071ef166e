"""The operator's own room: it looks at the whole portal, copies it, and brings it back; no page reaches it."""
