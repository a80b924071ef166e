"""Reads what was exported of the audit trail before, to hold the chains of today against it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from portal.operations import checkpoints
from portal.store.audit import Checkpoint
from portal.store.checkpoints import standing


class Unreadable(ValueError):
    """The file is neither a checkpoint nor what `audit verify --json` prints."""


@dataclass
class Earlier:
    """What a file says of each chain, by path, and the checkpoints in it that cannot be believed, with the reason."""

    ends: dict[str, Checkpoint] = field(default_factory=dict)
    faults: list[tuple[str, str, str]] = field(default_factory=list)


def read(text: str, public: str) -> Earlier:
    """What a file of checkpoints, or an earlier print of `audit verify --json`, says of the chains.

    Args:
        public: the key with which the checkpoints must have been signed.

    Raises:
        Unreadable: it is neither.
    """
    try:
        given = json.loads(text)
        if "form" not in given and "checkpoints" not in given:
            return Earlier({one["path"]: _end(one) for one in given["chains"]})
        return _sealed(given.get("checkpoints", [given]), public)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable from error


def _end(chain: dict[str, Any]) -> Checkpoint:
    return Checkpoint(int(chain["serial"]), str(chain["hash"]))


def _sealed(bodies: list[dict[str, Any]], public: str) -> Earlier:
    """A chain named by several checkpoints is held against its own authority's, which marks earlier entries too."""
    found = Earlier()
    for body in bodies:
        if why := checkpoints.fault(body, public):
            found.faults.append((str(body["authority"]), str(body["path"]), why))
            continue
        for chain in body["chains"]:
            path = str(chain["path"])
            if path not in found.ends or body["path"] == path:
                found.ends[path] = standing(body, path) or _end(chain)
    return found
