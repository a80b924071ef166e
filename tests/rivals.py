"""Sends forms at one moment, each from a browser of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from random import Random

from flask import Flask
from werkzeug.test import TestResponse

from tests import forms
from tests.forms import Pairs, Shown, Upload

#: What an act needs beside what a form shows plausibly, by the name of the form.
TYPED: dict[str, dict[str, str]] = {
    "administration.appoint": {"post": "inspector", "unit": ""},
    "administration.signatures": {},
    "history.take": {"outcome": ""},
}
Sending = tuple[Pairs, list[tuple[str, Upload]] | None]


def honest(form: Shown, seed: str = "") -> Sending:
    """What an officer sends who means well, with a new one-time key."""
    typed = {**TYPED.get(form.endpoint, {}), **_other_choices(form)}
    files = [
        (one.name, forms.upload(form))
        for one in form.controls
        if one.kind == "file" and "mapping" not in one.name
    ]
    return forms.filled(form, Random(form.name + seed), **typed), files if form.takes_files else None


def _other_choices(form: Shown) -> dict[str, str]:
    """A table of signatures is proposed only when it would change."""
    if form.endpoint != "administration.signatures":
        return {}
    one = next(c for c in form.controls if c.kind == "select" and len(c.choices) > 1)
    return {one.name: next(choice for choice in one.choices if choice not in one.shown)}


def at_once(app: Flask, login: str, action: str, sendings: Sequence[Sending]) -> list[TestResponse]:
    """The answers to all of them, sent together."""
    begin = threading.Barrier(len(sendings))
    answers: dict[int, TestResponse] = {}

    def send(number: int) -> None:
        browser = forms.browser(app, login)
        begin.wait()
        answers[number] = forms.send(browser, action, *sendings[number])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(sendings))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in range(len(sendings))]
