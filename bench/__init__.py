"""Measures what the portal promises about speed, ours and a peer in turn within one run."""

from collections.abc import Callable

#: What is measured: its name, our way, and the peer's way.
Case = tuple[str, Callable[[], object], Callable[[], object]]
