"""Makes a profile from a draft, and a new version from a profile in force."""

from __future__ import annotations

import copy
from datetime import datetime

from portal.levels.words import N_
from portal.models import Draft, Profile
from portal.operations import journal, stages, texts
from portal.operations.acts import Acts
from portal.store import authorities
from portal.store.surroundings import surroundings
from portal.workflow.statuses import P


def prepare(draft: Draft, acts: Acts, at: datetime) -> Profile:
    """Begin the profile of a draft: at the centre by its executor, a local one by its author.

    The text, with its note, is taken over; the executor mends it before he signs.
    """
    local = draft.scope == "local"
    path = draft.authority_path if local else surroundings(draft.authority_path).centre
    home = authorities.by_path(path)
    if home is None:
        raise LookupError(f"no authority at {path}")
    profile = Profile(
        authority_path=path,
        authority_id=home.id,
        unit_id=draft.unit_id if local else draft.competent_unit_id,
        author_id=draft.author_id,
        earlier_writers=list(draft.earlier_writers),
        executor_id=acts.officer_id,
        status=P.PREPARING,
        draft_id=draft.id,
        text_hash="",
        **texts.header_columns(draft.text),
    )
    return _begin(profile, draft.text, acts, at, "prepare_profile", N_("Profile begun from the draft"))


def begin_update(profile: Profile, acts: Acts, at: datetime) -> Profile:
    """Begin the next version under the same number; the present one stays in force until it comes."""
    fresh = Profile(
        authority_path=profile.authority_path,
        authority_id=profile.authority_id,
        unit_id=profile.unit_id,
        author_id=profile.author_id,
        earlier_writers=list(profile.earlier_writers),
        executor_id=acts.officer_id,
        status=P.PREPARING,
        draft_id=profile.draft_id,
        updates_id=profile.id,
        number=profile.number,
        version=profile.version + 1,
        text_hash="",
        **texts.header_columns(profile.text),
    )
    return _begin(fresh, profile.text, acts, at, "begin_update", N_("New version begun"))


def _begin(profile: Profile, text: dict, acts: Acts, at: datetime, event: str, label: str) -> Profile:  # type: ignore[type-arg]
    profile.text = {}
    texts.put(profile, copy.deepcopy(text), acts.name, at)
    stages.enter(profile, at)
    journal.write(profile, acts, event, label, at)
    return profile
