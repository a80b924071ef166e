"""A browser as far as a load needs one: a connection that is kept, cookies, compressed answers, forms."""

from __future__ import annotations

import gzip
import html
import http.client
import re
import time
from functools import cached_property
from urllib.parse import urlencode, urljoin, urlsplit

import brotli

from bench.load.figures import Done
from bench.load.plan import Person
from bench.load.visits import Ask, Steps

#: Seconds after which an officer gives up.
PATIENCE = 20.0
#: What every browser of the load calls itself; sessions are bound to it.
AGENT = "Mozilla/5.0 (load)"
_HEADERS = {
    "User-Agent": AGENT, "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "en",
}  # fmt: skip
_FORM = re.compile(r'<form\b[^>]*\baction="([^"]*)"[^>]*>(.*?)</form>', re.S)
_CONTROL = re.compile(
    r"<(?P<input>input)\b(?P<ia>[^>]*)>|<textarea\b(?P<ta>[^>]*)>(?P<words>.*?)</textarea>"
    r"|<select\b(?P<sa>[^>]*)>(?P<options>.*?)</select>",
    re.S,
)
_CHOSEN = re.compile(r"<option\b([^>]*\bselected\b[^>]*)>")
_OPTION = re.compile(r"<option\b([^>]*)>")


class Answer:
    """An answer, read whole."""

    def __init__(self, path: str, response: http.client.HTTPResponse) -> None:
        self.status, self._headers, self._body = response.status, response.headers, response.read()
        self.location = urljoin(
            path, urlsplit(response.headers.get("Location", ""))._replace(fragment="").geturl()
        )
        self.cookies = response.headers.get_all("Set-Cookie") or []

    @cached_property
    def text(self) -> str:
        encoding = self._headers.get("Content-Encoding", "")
        body = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding, bytes)(self._body)
        return body.decode()

    def form(self, action: str) -> tuple[str, list[tuple[str, str]]]:
        """Action and shown values of the first form whose action fits a pattern.

        Raises:
            LookupError: there is none.
        """
        for found in _FORM.finditer(self.text):
            if re.search(action, html.unescape(found[1]).partition("?")[0]):
                return html.unescape(found[1]), _values(found[2])
        raise LookupError(action)


def _values(inner: str) -> list[tuple[str, str]]:
    """What a browser would send of a form that nobody touched."""
    shown = []
    for found in _CONTROL.finditer(inner):
        if found["input"]:
            kind, name, value = (_attribute(found["ia"], one) for one in ("type", "name", "value"))
            ticked = kind not in ("radio", "checkbox") or re.search(r"\bchecked\b", found["ia"])
            if name and ticked and kind not in ("submit", "button", "file"):
                shown.append((name, value))
        elif found["ta"] is not None:
            shown.append((_attribute(found["ta"], "name"), html.unescape(found["words"].lstrip("\r\n"))))
        else:
            chosen = _CHOSEN.search(found["options"]) or _OPTION.search(found["options"])
            if chosen:
                shown.append((_attribute(found["sa"], "name"), _attribute(chosen[1], "value")))
    return [(name, value) for name, value in shown if name]


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf'(?<![\w-]){name}="([^"]*)"', attributes)
    return html.unescape(found[1]) if found else ""


class Browser:
    """One connection that visits take in turn; each brings the cookies of its officer."""

    def __init__(self, host: str, port: int, clock: float) -> None:
        self.clock = clock
        self._line = http.client.HTTPConnection(host, port, timeout=PATIENCE)
        self._cookies: dict[str, str] = {}

    def make(self, who: Person, steps: Steps, due: float, loud: bool) -> list[Done]:
        """Make a visit that was meant to begin at `due`; it ends with the first fault."""
        self._cookies = {"portal": who.cookie} if who.cookie else {}
        done: list[Done] = []
        answer: Answer | None = None
        while True:
            try:
                ask = next(steps) if answer is None else steps.send(answer)
            except StopIteration:
                return done
            except LookupError:
                return [*done[:-1], Done(done[-1].kind, done[-1].due, done[-1].ended, "no form", loud)]
            answer, fault = self._asked(ask)
            ended = time.monotonic() - self.clock
            done.append(Done(ask.kind, due, ended, fault, loud))
            if fault or answer is None:
                return done
            due = ended

    def close(self) -> None:
        self._line.close()

    def _asked(self, ask: Ask) -> tuple[Answer | None, str]:
        try:
            answer = self._sent(ask)
        except TimeoutError:
            self._line.close()
            return None, "timeout"
        except (OSError, http.client.HTTPException):
            self._line.close()
            return None, "no answer"
        return answer, "" if answer.status in ask.expect else str(answer.status)

    def _sent(self, ask: Ask) -> Answer:
        """Send it; a kept connection that the server has closed meanwhile is opened anew, as browsers do."""
        kept = self._line.sock is not None
        try:
            return self._once(ask)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._line.close()
            if not kept:
                raise
            return self._once(ask)

    def _once(self, ask: Ask) -> Answer:
        headers = {**_HEADERS, **ask.headers}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        body = None
        if ask.fields is not None:
            body, headers["Content-Type"] = urlencode(ask.fields), "application/x-www-form-urlencoded"
        self._line.request("GET" if body is None else "POST", ask.path, body, headers)
        answer = Answer(ask.path, self._line.getresponse())
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer
