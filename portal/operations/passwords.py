"""The one rule for passwords: long, unknown to those who guess, and about nothing that they would try first."""

from __future__ import annotations

import re
from functools import cache

from portal.levels.words import N_

SHORTEST, LONGEST = 12, 200
#: The estimate looks at no more; what comes after makes a password only better.
_LOOKED_AT = 72
#: Guesses, as a power of ten, that a password must withstand.
_STRENGTH = 10
#: A part of a login or a name shorter than this may stand in a password.
_TELLING = 4

#: What whoever guesses here tries first, and the lists of the estimate, which are English, do not hold.
_OF_THE_TRADE = (
    "customs", "portal", "risk", "profile", "declaration", "inspector",
    "таможня", "портал", "риск", "профиль", "декларация", "инспектор", "пароль", "привет", "россия", "москва",
)  # fmt: skip
#: Russian words typed without switching the keyboard, and the other way round.
_LAYOUT = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
)  # fmt: skip

TOO_SHORT = N_("Too short: at least 12 characters. Four or five words in a row are good.")
TOO_LONG = N_("Too long: at most 200 characters.")
HOLDS_LOGIN = N_("It holds your login.")
BREACHED = N_("It stands in lists of stolen passwords. Choose another.")
THE_OLD_ONE = N_("It is the password that you have now.")
GUESSABLE = N_("It is easy to guess. Add words that have nothing to do with you, your office or one another.")


def weakness(password: str, login: str, *about: str) -> str:
    """Why a password is refused, in words to be translated; empty when it is good.

    Args:
        about: what is known of the officer, such as his name and address; it adds nothing to the strength.
    """
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    folded = password.casefold()
    if len(login) >= _TELLING and login.casefold() in folded:
        return HOLDS_LOGIN
    if any(spelled in _stolen() for spelled in _spellings(folded)):
        return BREACHED
    context = [*_OF_THE_TRADE, *_parts(login, *about)]
    return "" if all(_withstands(spelled, context) for spelled in _spellings(folded)) else GUESSABLE


def _parts(*texts: str) -> list[str]:
    """The words of names and addresses, whole and in parts."""
    whole = [text.casefold() for text in texts if text]
    return [*whole, *(part for text in whole for part in re.split(r"\W+", text) if len(part) >= _TELLING)]


def _spellings(folded: str) -> tuple[str, ...]:
    latin = folded.translate(_LAYOUT)
    return (folded,) if latin == folded else (folded, latin)


def _withstands(password: str, context: list[str]) -> bool:
    from zxcvbn import zxcvbn  # its lists take long to load: who adds no password does not wait for them

    return float(zxcvbn(password[:_LOOKED_AT], context)["guesses_log10"]) >= _STRENGTH


@cache
def _stolen() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
