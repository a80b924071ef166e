"""A mapping file is understood or refused with the place of each fault."""

import pytest

from portal.screening.faults import MappingError
from portal.screening.mapping import by_name, check_against, parse


def test_columns_and_constants_are_read() -> None:
    mapping = parse(
        '[columns]\n"Declaration ID" = "declaration_id"\nHS = "hs_code"\n[constants]\ndirection = "import"\n'
    )
    assert mapping.columns == {"Declaration ID": "declaration_id", "HS": "hs_code"}
    assert mapping.constants == {"direction": "import"}


IDENTITY = '[columns]\nid = "declaration_id"\n'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[columns", ""),
        ("", "columns"),
        ('columns = "x"', "columns"),
        (IDENTITY + 'hs = "hs"', "columns.hs"),
        (IDENTITY + "hs = 5", "columns.hs"),
        (IDENTITY + '"HS 6" = "value_per_kg"', 'columns."HS 6"'),
        (IDENTITY + 'again = "declaration_id"', "columns.again"),
        (IDENTITY + '[constants]\ndeclaration_id = "1"', "constants.declaration_id"),
        (IDENTITY + '[constants]\ndirection = "inwards"', "constants.direction"),
        (IDENTITY + "[constants]\ntax_rate = 6.5", "constants.tax_rate"),
        (IDENTITY + "[constants]\ntax_rate = true", "constants.tax_rate"),
        (IDENTITY + '[constants]\ndate = "01.02.2020"', "constants.date"),
        (IDENTITY + '[constant]\ndirection = "import"', "constant"),
    ],
)
def test_a_fault_is_refused_at_its_place(text: str, place: str) -> None:
    with pytest.raises(MappingError) as refused:
        parse(text)
    assert place in {fault.place for fault in refused.value.faults}
    assert all(fault.text for fault in refused.value.faults)


def test_a_column_that_the_file_lacks_is_named() -> None:
    with pytest.raises(MappingError, match=r"columns\.id: is not a column of the file"):
        check_against(parse(IDENTITY), ["ID"])


def test_columns_named_after_fields_need_no_mapping() -> None:
    assert by_name(["hs_code", "declaration_id", "Fraud", "value_per_kg"]).columns == {
        "hs_code": "hs_code",
        "declaration_id": "declaration_id",
    }
    with pytest.raises(MappingError, match="declaration_id"):
        by_name(["hs_code"])
