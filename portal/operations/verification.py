"""Holds the chains of today against a checkpoint that was kept, for the page of an auditor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.documents import audit_key
from portal.levels.words import N_
from portal.operations import checkpoints
from portal.store import audit
from portal.store.audit import Break
from portal.store.checkpoints import standing, stands
from portal.store.session import session

SEALED_ELSE = N_("the entry that was sealed is missing or another")


@dataclass(frozen=True)
class Verified:
    """What was found.

    Attributes:
        why: why the checkpoint itself cannot be believed; empty when it can.
        breaks: by path of the chain, where it is broken.
    """

    why: str
    breaks: dict[str, Break]

    @property
    def holds(self) -> bool:
        return not self.why and not self.breaks


def against(body: dict[str, Any]) -> Verified:
    """The chain of the checkpoint's own authority from its first entry on; of the others, the entry that was sealed.

    A state has a thousand chains, and a page cannot read them all: `flask audit verify --against` does.
    """
    if why := checkpoints.fault(body, audit_key.public_key()):
        return Verified(why, {})
    breaks = {}
    for chain in body["chains"]:
        path = chain["path"]
        if path == body["path"]:
            breaks.update({one.path: one for one in audit.verify(session(), path, standing(body, path))})
        elif not stands(path, chain["serial"], chain["hash"]):
            breaks[path] = Break(path, chain["serial"], SEALED_ELSE)
    return Verified("", breaks)
