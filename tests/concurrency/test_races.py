"""Two officers change the same from the same version at one moment: one wins, the other sees both texts.

`scripts/race_forms.py` lets as many pairs race as one likes.
"""

from __future__ import annotations

import pytest

from tests import portals, races

PAIRS = 1


@pytest.mark.slow
def test_nobody_overwrites_silently(furnished_portal: portals.Portal) -> None:
    furnished_portal.put_back()
    raced = races.raced(furnished_portal)
    ended = {form.name: races.race(furnished_portal, form, PAIRS) for form in raced}
    assert {name: dict(one.wrong) for name, one in ended.items() if one.wrong} == {}
    assert {form.endpoint for form in raced} == set(races.EDITS + races.ACTS)
    assert len(raced) > 25
