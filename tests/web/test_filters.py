"""How dates, numbers and sums are written in English and in Russian."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from portal.web import filters
from portal.web.charts import axis, share, stacks

THURSDAY = datetime(2026, 11, 12, 14, 0, tzinfo=UTC)


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask(__name__)
    Babel(app, locale_selector=lambda: "en", timezone_selector=lambda: "Europe/Moscow")
    filters.install(app)
    with app.test_request_context():
        yield app


def written(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("locale", "expected"), [("en", "12 Nov 2026, Thu"), ("ru", "12 нояб. 2026, чт")])
def test_day_names_the_weekday_in_the_readers_language(app, locale, expected):
    with force_locale(locale):
        assert filters.day(date(2026, 11, 12)) == expected


def test_a_datetime_late_in_utc_belongs_to_the_officers_next_day(app):
    assert filters.day(datetime(2026, 11, 12, 22, 30, tzinfo=UTC)) == "13 Nov 2026, Fri"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (None, "12 Nov 2026, Thu 17:00"),
        ("Europe/Moscow", "12 Nov 2026, Thu 17:00"),
        ("Europe/Minsk", "12 Nov 2026, Thu 17:00"),
        ("Asia/Yerevan", "12 Nov 2026, Thu 18:00 Yerevan"),
    ],
)
def test_moment_names_the_city_only_where_the_clock_differs(app, zone, expected):
    assert filters.moment(THURSDAY, zone) == expected


def test_limits_are_short(app):
    assert filters.due(THURSDAY, "Asia/Yerevan") == "Thu 12 Nov, 18:00 Yerevan"
    assert filters.hour(THURSDAY) == "Thu 17:00"
    with force_locale("ru"):
        assert filters.due(THURSDAY, "Asia/Yerevan") == "чт 12 нояб., 18:00 Ереван"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en", "123,456,789,012.50 RUB"), ("ru", "123 456 789 012,50 RUB")],
)
def test_twelve_digit_sums_keep_every_digit(app, locale, expected):
    with force_locale(locale):
        assert written(filters.money(Decimal("123456789012.5"), "RUB")) == expected


def test_numbers_with_units(app):
    assert written(filters.mass(Decimal("1250.5"))) == "1,250.500 kg"
    assert written(filters.percent(Decimal("0.0209"))) == "2.1 %"
    assert written(filters.percent(1, 0)) == "100 %"
    assert written(filters.decimal(Decimal("37385"))) == "37,385"
    assert written(filters.decimal(Decimal("0.125"))) == "0.125"


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_234_567, "1.2 MB"), (5 * 10**12, "5,000.0 GB")],
)
def test_file_sizes(app, size, expected):
    assert written(filters.filesize(size)) == expected


@pytest.mark.parametrize(
    "function",
    [
        filters.day,
        filters.moment,
        filters.hour,
        filters.due,
        filters.decimal,
        filters.mass,
        filters.percent,
        filters.filesize,
    ],
)
def test_what_is_not_known_is_a_dash(app, function):
    assert function(None) == "–"


def test_a_constant_in_a_template_is_written_anew_for_each_language(app):
    template = app.jinja_env.from_string("{{ 1234.5|decimal(1) }}")
    assert template.render() == "1,234.5"
    with force_locale("ru"):
        assert written(template.render()) == "1 234,5"


def test_faults_of_nested_forms_lead_to_their_fields():
    errors = {
        "title": ["Enter"],
        "rows": [{}, {"code": ["Wrong"]}],
        "codes": [[], ["Short", "Odd"]],
        None: ["Both"],
    }
    assert filters.faults(errors) == [
        ("title", "Enter"),
        ("rows-1-code", "Wrong"),
        ("codes-1", "Short"),
        ("codes-1", "Odd"),
        ("", "Both"),
    ]


@pytest.mark.parametrize(
    ("values", "top", "ticks"),
    [
        ([], 1, (0, 1)),
        ([0, 0], 1, (0, 1)),
        ([114, 3], 150, (0, 50, 100, 150)),
        ([100], 100, (0, 25, 50, 75, 100)),
        ([Decimal("0.3")], 0.3, (0, 0.1, 0.2, 0.3)),
        ([123_456_789_012], 150_000_000_000, (0, 5e10, 1e11, 1.5e11)),
    ],
)
def test_axis_is_round_and_holds_every_value(values, top, ticks):
    scale = axis(values)
    assert scale.top == pytest.approx(top)
    assert scale.ticks == pytest.approx(ticks)


def test_share_stays_between_nothing_and_all():
    assert [share(5, 20), share(30, 20), share(-1, 20), share(1, 0)] == [25.0, 100.0, 0.0, 0.0]


def test_a_column_is_as_high_as_its_parts_together():
    assert stacks([("01.20", 22, 41), ("02.20", Decimal("0.5"))]) == [63.0, 0.5]
