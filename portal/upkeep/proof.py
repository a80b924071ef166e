"""Reads every register and every chain of the trail from the beginning: for the doctor, and before a restore counts."""

from __future__ import annotations

from collections.abc import Generator, Mapping

from portal.operations import verification
from portal.store import audit, authorities, register_faults
from portal.store.audit import Checkpoint
from portal.store.session import acting, session


def registers() -> Generator[str, None, None]:
    """What is wrong in the registers of all authorities."""
    for seen in authorities.everywhere():
        with acting(seen.path, "registers.verify", writes=False):
            found = register_faults.verify(seen.path).faults
        yield from map(str, found)


def chains(ends: Mapping[str, Checkpoint] | None = None) -> Generator[str, None, None]:
    """Where the trail is broken.

    Args:
        ends: ends of the chains by path, as they were told at an earlier moment; each must still stand in its chain.
    """
    left = dict(ends or {})
    for seen in authorities.everywhere():
        with acting(seen.path, "audit.verify", writes=False):
            found = list(audit.verify(session(), seen.path, left.pop(seen.path, None)))
        yield from (f"{seen.code} broken at entry {one.serial}: {one.why}" for one in found)
    yield from (f"the authority at {path} is missing" for path in left)


def checkpoints() -> Generator[str, None, None]:
    """Which checkpoints of the trail cannot be believed."""
    for seen in authorities.everywhere():
        with acting(seen.path, "audit.verify", writes=False):
            found = list(verification.untrue(seen.path))
        yield from (f"checkpoint {number} of {seen.code}: {why}" for number, why in found)
