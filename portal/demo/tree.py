"""The authorities of the demonstration: the union, five states, directorates, customs houses and points."""

from __future__ import annotations

from dataclasses import dataclass

from portal.store.calendar_seed import ZONES


@dataclass(frozen=True)
class Place:
    """One authority; its path is made of the codes of those above it."""

    path: str
    code: str
    level: str
    state: str
    name_en: str
    name_ru: str
    zone: str


#: code, code of the authority above ("" for a centre), level, name, name in Russian, zone where it is not the state's.
#: The first five digits of a centre, directorate or house are its own: its registers print them.
_ROWS: dict[str, tuple[tuple[str, ...], ...]] = {
    "RU": (
        ("10000000", "", "central", "Federal Customs Service", "Федеральная таможенная служба"),
        ("10100000", "10000000", "regional", "Central Customs Directorate", "Центральное таможенное управление"),
        ("10130000", "10100000", "regional", "Moscow Regional Customs House", "Московская областная таможня"),
        ("10130010", "10130000", "point", "Western Gate Customs Point", "Таможенный пост «Западные ворота»"),
        ("10130020", "10130000", "point", "Northern Terminal Customs Point", "Таможенный пост «Северный терминал»"),
        ("10110000", "10100000", "regional", "Tula Customs House", "Тульская таможня"),
        ("10110010", "10110000", "point", "Oka Customs Point", "Окский таможенный пост"),
        ("10110020", "10110000", "point", "Upa Valley Customs Point", "Упинский таможенный пост"),
        ("10200000", "10000000", "regional", "North-Western Customs Directorate",
         "Северо-Западное таможенное управление"),
        ("10210000", "10200000", "regional", "Baltic Customs House", "Балтийская таможня"),
        ("10210010", "10210000", "point", "Sea Harbour Customs Point", "Таможенный пост «Морская гавань»"),
        ("10210020", "10210000", "point", "Container Yard Customs Point", "Таможенный пост «Контейнерный двор»"),
        ("10220000", "10200000", "regional", "Pskov Customs House", "Псковская таможня"),
        ("10220010", "10220000", "point", "Lakeside Customs Point", "Приозёрный таможенный пост"),
        ("10220020", "10220000", "point", "Border Road Customs Point", "Таможенный пост «Пограничный тракт»"),
        ("10700000", "10000000", "regional", "Vladivostok Customs House", "Владивостокская таможня",
         "Asia/Vladivostok"),
        ("10700010", "10700000", "point", "Golden Horn Customs Point", "Таможенный пост «Золотой Рог»",
         "Asia/Vladivostok"),
        ("10700020", "10700000", "point", "Eastern Port Customs Point", "Таможенный пост «Восточный порт»",
         "Asia/Vladivostok"),
    ),
    "AM": (
        ("05000000", "", "central", "Customs Service of Armenia", "Таможенная служба Армении"),
        ("05100000", "05000000", "regional", "Yerevan Customs House", "Ереванская таможня"),
        ("05100010", "05100000", "point", "Ararat Valley Customs Point", "Таможенный пост «Араратская долина»"),
        ("05100020", "05100000", "point", "Airport Cargo Customs Point", "Таможенный пост «Грузовой аэропорт»"),
        ("05200000", "05000000", "regional", "Gyumri Customs House", "Гюмрийская таможня"),
        ("05200010", "05200000", "point", "Shirak Customs Point", "Ширакский таможенный пост"),
    ),
    "BY": (
        ("11000000", "", "central", "State Customs Committee of Belarus",
         "Государственный таможенный комитет Беларуси"),
        ("11100000", "11000000", "regional", "Minsk Customs House", "Минская таможня"),
        ("11100010", "11100000", "point", "Svisloch Customs Point", "Таможенный пост «Свислочь»"),
        ("11200000", "11000000", "regional", "Brest Customs House", "Брестская таможня"),
        ("11200010", "11200000", "point", "Bug Bridge Customs Point", "Таможенный пост «Мост через Буг»"),
        ("11200020", "11200000", "point", "Railway Yard Customs Point", "Железнодорожный таможенный пост"),
    ),
    "KZ": (
        ("39000000", "", "central", "State Revenue Committee of Kazakhstan, Customs",
         "Комитет государственных доходов Казахстана, таможня"),
        ("39100000", "39000000", "regional", "Southern Customs Directorate", "Южное таможенное управление"),
        ("39110000", "39100000", "regional", "Almaty Customs House", "Алматинская таможня"),
        ("39110010", "39110000", "point", "Alatau Customs Point", "Таможенный пост «Алатау»"),
        ("39120000", "39100000", "regional", "Zhetisu Customs House", "Жетысуская таможня"),
        ("39120010", "39120000", "point", "Dry Port Customs Point", "Таможенный пост «Сухой порт»"),
        ("39200000", "39000000", "regional", "Astana Customs House", "Астанинская таможня"),
        ("39200010", "39200000", "point", "Yesil Customs Point", "Таможенный пост «Есиль»"),
    ),
    "KG": (
        ("41000000", "", "central", "State Customs Service of Kyrgyzstan",
         "Государственная таможенная служба Кыргызстана"),
        ("41100000", "41000000", "regional", "Bishkek Customs House", "Бишкекская таможня"),
        ("41100010", "41100000", "point", "Chuy Customs Point", "Чуйский таможенный пост"),
        ("41200000", "41000000", "regional", "Southern Customs Directorate", "Южное таможенное управление"),
        ("41210000", "41200000", "regional", "Osh Customs House", "Ошская таможня"),
        ("41210010", "41210000", "point", "Alay Road Customs Point", "Таможенный пост «Алайский тракт»"),
    ),
}  # fmt: skip

UNION = Place(
    "eeu.",
    "00000000",
    "union",
    "",
    "Eurasian Economic Union",
    "Евразийский экономический союз",
    "Europe/Moscow",
)


def _places() -> tuple[Place, ...]:
    found: dict[str, Place] = {UNION.code: UNION}
    for state, rows in _ROWS.items():
        for code, above, level, name_en, name_ru, *zone in rows:
            path = f"eeu.{state.lower()}." if level == "central" else f"{found[above].path}{code}."
            found[code] = Place(path, code, level, state, name_en, name_ru, *(zone or [ZONES[state]]))
    return tuple(found.values())


#: In an order in which each stands after the one above it.
PLACES = _places()
BY_CODE = {place.code: place for place in PLACES}
STATES = tuple(_ROWS)
POINTS = tuple(place for place in PLACES if place.level == "point")


def path_of(code: str) -> str:
    return BY_CODE[code].path


def centre_of(state: str) -> Place:
    return next(place for place in PLACES if place.state == state and place.level == "central")
