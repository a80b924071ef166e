"""Says in two words which browser on which system a session is in, from what the browser says of itself."""

from __future__ import annotations

from flask_babel import gettext

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("YaBrowser", "Yandex"), ("Firefox", "Firefox"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def browser_words(said: str) -> str:
    """Such as "Firefox, Windows"; the first that fits, since most browsers name others too."""
    browser = next((name for sign, name in _BROWSERS if f"{sign}/" in said), "")
    system = next((name for sign, name in _SYSTEMS if sign in said), "")
    return ", ".join(part for part in (browser, system) if part) or str(gettext("Unknown browser"))
