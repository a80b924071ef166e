"""The signature table against procedure §7, line by line."""

import pytest

from portal.levels.signing import CARRIERS, SCOPES, kind_code, signature_table
from portal.workflow.seats import SEATS


@pytest.mark.parametrize(
    ("scope", "code", "signs"),
    [
        ("national", "11", "service_head"),
        ("zonal", "13", "supervising_deputy"),
        ("regional", "12", "profile_unit_head"),
        ("local", "14", "authority_head"),
    ],
)
def test_who_signs_for_which_territory(scope: str, code: str, signs: str) -> None:
    assert (SCOPES[scope].code, SCOPES[scope].signs) == (code, signs)
    assert signs in SEATS


def test_carriers_by_formalisation() -> None:
    assert {name: carrier.name for name, carrier in CARRIERS.items()} == {
        "automatic": "memorandum",
        "automated": "memorandum",
        "non_formalised": "letter",
    }
    assert [c.name for c in set(CARRIERS.values()) if c.needs_records_number] == ["letter"]


@pytest.mark.parametrize(
    ("kind", "scope", "code"),
    [
        ("profile", "national", "11"),
        ("orientation", "zonal", "13"),
        ("urgent", "national", "20"),
        ("target", "local", "21"),
        ("model", "local", "32"),
        ("mandatory", "local", "55"),
        ("selectivity", "local", "77"),
        ("dependent", "local", "88"),
    ],
)
def test_the_code_that_opens_the_number(kind: str, scope: str, code: str) -> None:
    assert kind_code(kind, scope) == code


def test_a_state_may_name_another_signatory() -> None:
    table = signature_table({"zonal": "service_head"})
    assert table["zonal"].signs == "service_head"
    assert table["national"].signs == "service_head"
    assert SCOPES["zonal"].signs == "supervising_deputy"


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(KeyError):
        signature_table({"galactic": "service_head"})
