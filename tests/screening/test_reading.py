"""The sentence that the signatory sees, in both languages."""

import json

import pytest
from hypothesis import given, settings

from portal.screening.area import parse_area
from portal.screening.conditions import parse
from portal.screening.reading import Line, area_sentence, outline, sentence
from portal.screening.russian import CHOICES, NOUNS
from portal.screening.tree import Node, Not, leaves
from portal.screening.vocabulary import FIELDS
from tests.screening.generated_conditions import trees

NBSP = "\N{NO-BREAK SPACE}"
LISTS = {"trusted-importers": frozenset({"A"})}
HS = {"field": "hs_code", "op": "starts_with", "value": ["61", "62", "64"]}
DIFFER = {"field": "departure_country", "op": "differs_from", "other": "origin_country"}
CHEAP = {"field": "value_per_kg", "op": "<", "value": "2.50"}
RATE = {"field": "tax_rate", "op": "between", "value": ["6.5", "8"]}
TRUSTED = {"field": "importer_id", "op": "in", "value": {"list": "trusted-importers"}}
KG = {"field": "origin_country", "op": "in", "value": ["KG"]}

SENTENCES = [
    (
        {"all": [HS, DIFFER, {"not": TRUSTED}, {"any": [CHEAP, RATE]}]},
        "The commodity code begins with 61, 62 or 64; the country of departure differs from the country of origin; the "
        "importer is not in the list “trusted-importers” (or is not given); and (at least one of these: the price per "
        "kilogram is less than 2.5 in the currency of the declaration; or the tax rate is from 6.5 to 8% inclusive).",
        "Код товара начинается с 61, 62 или 64; страна отправления отличается от страны происхождения; импортёр не "
        "входит в перечень «trusted-importers» (или не указан); а также (хотя бы одно из условий: цена за килограмм "
        f"меньше 2,5 (в валюте декларации); либо ставка налога — от 6,5 до 8{NBSP}% включительно).",
    ),
    (
        {"not": HS},
        "The commodity code does not begin with 61, 62 or 64 (or is not given).",
        "Код товара не начинается ни с 61, ни с 62, ни с 64 (или не указан).",
    ),
    (
        {"not": KG},
        "The country of origin is not KG (or is not given).",
        "Страна происхождения — не KG (или не указана).",
    ),
    (
        {"not": {"field": "origin_country", "op": "in", "value": ["KG", "KZ", "CN"]}},
        "The country of origin is none of KG, KZ and CN (or is not given).",
        "Страна происхождения не входит в число: KG, KZ, CN (или не указана).",
    ),
    (
        {"field": "goods_description", "op": "contains", "value": ["used", "second hand"]},
        "The goods description contains “used” or “second hand”.",
        "Описание товара содержит «used» или «second hand».",
    ),
    (
        {"not": {"field": "goods_description", "op": "contains", "value": ["used", "old"]}},
        "The goods description contains none of “used” and “old” (or is not given).",
        "Описание товара не содержит ни «used», ни «old» (или не указано).",
    ),
    (
        {"field": "date", "op": "between", "value": ["2024-03-01", "2024-04-05"]},
        "The registration date is from 1 March 2024 to 5 April 2024 inclusive.",
        "Дата регистрации — с 1 марта 2024 г. по 5 апреля 2024 г. включительно.",
    ),
    (
        {"not": {"field": "date", "op": ">=", "value": "2024-03-01"}},
        "The registration date is before 1 March 2024 (or is not given).",
        "Дата регистрации раньше 1 марта 2024 г. (или не указана).",
    ),
    (
        {"field": "net_mass_kg", "op": ">", "value": "1234567.5"},
        "The net mass is more than 1,234,567.5 kg.",
        f"Масса нетто больше 1{NBSP}234{NBSP}567,5{NBSP}кг.",
    ),
    (
        {"not": {"field": "tax_rate", "op": "between", "value": ["6.5", "8"]}},
        "The tax rate is less than 6.5 or more than 8% (or is not given).",
        f"Ставка налога меньше 6,5 или больше 8{NBSP}% (или не указана).",
    ),
    (
        {"field": "vehicle_id", "op": "missing"},
        "The vehicle is not given.",
        "Транспортное средство не указано.",
    ),
    ({"not": {"field": "hs_code", "op": "missing"}}, "The commodity code is given.", "Код товара указан."),
    (
        {"field": "value_per_kg", "op": "missing"},
        "The price per kilogram cannot be worked out.",
        "Цена за килограмм не определена.",
    ),
    (
        {"field": "trader_risk", "op": "in", "value": ["high", "unknown"]},
        "The risk category of the importer is high or unknown.",
        "Категория риска импортёра — высокая или неизвестная.",
    ),
    (
        {"not": {"field": "departure_country", "op": "equals_field", "other": "origin_country"}},
        "The country of departure differs from the country of origin (or one of them is not given).",
        "Страна отправления отличается от страны происхождения (или одно из значений не указано).",
    ),
    (
        {"field": "departure_country", "op": "equals_field", "other": "origin_country"},
        "The country of departure is the same as the country of origin.",
        "Страна отправления и страна происхождения совпадают.",
    ),
    ({"not": {"not": KG}}, "The country of origin is KG.", "Страна происхождения — KG."),
    (
        {"not": {"all": [KG, DIFFER]}},
        "Not all of these together: (the country of origin is KG; and the country of departure differs from the "
        "country of origin).",
        "Не выполняются одновременно условия: (страна происхождения — KG; а также страна отправления отличается от "
        "страны происхождения).",
    ),
    (
        {"not": {"any": [KG, {"all": [DIFFER, HS]}]}},
        "None of these: (the country of origin is KG; or (the country of departure differs from the country of origin; "
        "and the commodity code begins with 61, 62 or 64)).",
        "Не выполняется ни одно из условий: (страна происхождения — KG; либо (страна отправления отличается от страны "
        "происхождения; а также код товара начинается с 61, 62 или 64)).",
    ),
]


@pytest.mark.parametrize(("document", "english", "russian"), SENTENCES)
def test_the_sentence(document: object, english: str, russian: str) -> None:
    node = parse(json.dumps(document), LISTS)
    assert sentence(node, "en") == english
    assert sentence(node, "ru") == russian


def test_another_language_is_read_in_english() -> None:
    node = parse(KG)
    assert sentence(node, "hy") == sentence(node, "en")


def test_a_long_list_is_counted() -> None:
    node = parse({"field": "importer_id", "op": "in", "value": [f"T{index}" for index in range(1, 25)]})
    assert sentence(node, "en", most_values=3) == "The importer is T1, T2, T3 or 21 more values."
    assert sentence(node, "ru", most_values=3) == "Импортёр — T1, T2, T3 или ещё 21 значение."
    assert sentence(node, "ru", most_values=2).endswith("ещё 22 значения.")
    assert sentence(node, "ru", most_values=13).endswith("ещё 11 значений.")


def test_a_risk_area_is_read_with_its_exceptions_and_questions() -> None:
    area = parse_area(
        {
            "groups": [{"condition": HS, "exception": KG}, {"condition": DIFFER}],
            "questions": ["Are the seals broken?"],
        }
    )
    assert area_sentence(area, "en") == (
        "Group 1: the commodity code begins with 61, 62 or 64. Exception: the country of origin is KG. "
        "Group 2: the country of departure differs from the country of origin. One group is enough. "
        "The officer answers: “Are the seals broken?”."
    )
    assert area_sentence(area, "ru") == (
        "Группа 1: код товара начинается с 61, 62 или 64. Исключение: страна происхождения — KG. "
        "Группа 2: страна отправления отличается от страны происхождения. Достаточно одной группы. "
        "Должностное лицо отвечает на вопрос: «Are the seals broken?»."
    )


def test_an_area_of_one_group_needs_no_numbers() -> None:
    area = parse_area({"groups": [{"condition": KG}]})
    assert area_sentence(area, "ru") == "Страна происхождения — KG."


def test_the_outline_keeps_the_places() -> None:
    node = parse({"all": [KG, {"not": {"any": [HS, DIFFER]}}]})
    assert outline(node, "en") == Line(
        "all of these",
        "",
        (
            Line("the country of origin is KG", "all[0]"),
            Line(
                "none of these",
                "all[1]",
                (
                    Line("the commodity code begins with 61, 62 or 64", "all[1].not.any[0]"),
                    Line("the country of departure differs from the country of origin", "all[1].not.any[1]"),
                ),
            ),
        ),
    )


def test_russian_knows_every_field_and_choice() -> None:
    assert set(NOUNS) == set(FIELDS)
    assert set(CHOICES) == {choice for field in FIELDS.values() for choice in field.choices}


@settings(deadline=None)
@given(trees)
def test_every_condition_has_a_reading_and_its_negation_another(node: Node) -> None:
    for language in ("en", "ru"):
        said = sentence(node, language)
        assert said.endswith(".")
        assert said != sentence(Not(node), language)
        assert said == sentence(Not(Not(node)), language)
        assert said.count("(") == said.count(")") or any(
            "(" in str(leaf) or ")" in str(leaf) for _, leaf in leaves(node)
        )
