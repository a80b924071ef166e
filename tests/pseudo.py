"""A language of no people: English with accents, 40 per cent longer, as a catalogue of the portal."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[1] / "portal" / "translations" / "ru" / "LC_MESSAGES" / "messages.po"
LONGER = 1.4
#: What is not a letter to be said: holes, doubled per cent signs, markup.
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>)")
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARKED = "áƀçďéƒğĥíĵķļṁñóþqŕšţúṽŵẋýžÁƁÇĎÉƑĞĤÍĴĶĻṀÑÓÞQŔŠŢÚṼŴẊÝŽ"
_ACCENTS = str.maketrans(PLAIN, MARKED)


def said(text: str) -> str:
    """The text in the language: every letter accented, every word longer, its holes as they were."""
    return "".join(part if KEPT.fullmatch(part) else _longer(part) for part in KEPT.split(text))


def _longer(text: str) -> str:
    return re.sub(r"[A-Za-z]+", lambda word: _word(word[0]), text)


def _word(word: str) -> str:
    """Vowels are drawn out, as they are where a language needs more room."""
    missing = round(len(word) * LONGER) - len(word)
    out = []
    for sign in word:
        out.append(sign)
        if missing > 0 and sign.lower() in "aeiouy":
            out.append(sign.lower())
            missing -= 1
    out.append("o" * max(missing, 0))
    return "".join(out).translate(_ACCENTS)


def write(folder: Path) -> None:
    """Put the catalogue where the portal looks for its Russian."""
    with SOURCE.open("rb") as file:
        catalogue = read_po(file, locale="ru")
    for message in catalogue:
        if not message.id:
            continue
        if message.pluralizable:
            message.string = tuple(said(str(message.id[-1])) for _ in range(catalogue.num_plurals))
        else:
            message.string = said(str(message.id))
    target = folder / "ru" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as out:
        write_mo(out, catalogue)
