"""Chooses the channel of a declaration from its hits, and draws the measures to apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app

from portal.models import Check, Declaration, Hit
from portal.screening.selection import Channel, Draw, Measure, ProfileHit, Selection, select
from portal.store.declarations import answers_of, standing
from portal.store.selection_key import selection_key
from portal.store.session import session
from portal.workflow.measures import MEASURES

#: Per cent of the green channel that is drawn into the control group (ours).
CONTROL_SHARE = 2
#: What is done to the control group (ours): only goods that were seen tell what would have been missed.
CONTROL_MEASURE = "109"

_CHANNELS = {code: Channel(measure.channel) for code, measure in MEASURES.items()}

Measures = Mapping[int, Iterable[Mapping[str, Any]]]


def choose(declaration: Declaration, measures: Measures) -> Selection:
    """Set the channel and its reason, and add a check for every draw that was not made before.

    Args:
        measures: the measures of the profiles that hit, by publication id.
    """
    hits = [hit for hit in declaration.hits if standing(hit)]
    selection = select(
        declaration.declaration_id,
        [_profile_hit(hit, measures) for hit in hits],
        selection_key(),
        control_share=current_app.config.get("CONTROL_GROUP_SHARE", CONTROL_SHARE),
        channels=_CHANNELS,
    )
    declaration.channel = selection.channel.value
    declaration.control_group = selection.control
    declaration.reason = {"words": selection.reason, "params": dict(selection.params)}
    _checks(declaration, hits, measures, selection)
    return selection


def _profile_hit(hit: Hit, measures: Measures) -> ProfileHit:
    return ProfileHit(
        hit.profile_number,
        hit.profile_version,
        tuple(Measure(measure["code"], measure["share"]) for measure in measures[hit.publication_id]),
        tuple(hit.questions),
        answers_of(hit),
    )


def _checks(declaration: Declaration, hits: list[Hit], measures: Measures, selection: Selection) -> None:
    """Bring the checks into line with the draws; one with a result stays whatever is drawn."""
    wanted: dict[tuple[int | None, int], tuple[Hit | None, Mapping[str, Any], Draw]] = {}
    drawn = iter([draw for draw in selection.draws if draw.purpose == "measure"])
    for hit in hits:
        if all(answers_of(hit).get(question) is True for question in hit.questions):
            for place, measure in enumerate(measures[hit.publication_id]):
                wanted[hit.id, place] = (hit, measure, next(drawn))
    for draw in selection.draws:
        if draw.purpose == "control" and draw.share:
            wanted[None, 0] = (None, {"code": CONTROL_MEASURE, "mandatory": True}, draw)
    present = {(check.hit_id, check.draw["place"]): check for check in declaration.checks}
    for key, check in present.items():
        if check.recorded_at is None:
            check.drawn = key in wanted and wanted[key][2].drawn
    for key in wanted.keys() - present.keys():
        _add(declaration, key[1], *wanted[key])


def _add(
    declaration: Declaration, place: int, hit: Hit | None, measure: Mapping[str, Any], draw: Draw
) -> None:
    check = Check(
        authority_path=declaration.authority_path,
        declaration=declaration,
        hit=hit,
        measure=measure["code"],
        description=measure.get("description", ""),
        mandatory=measure["mandatory"],
        drawn=draw.drawn,
        draw={
            "place": place,
            "purpose": draw.purpose,
            "share": draw.share,
            "number": str(draw.number),
            "inspection_code": measure.get("inspection_code", ""),
        },
    )
    session().add(check)
