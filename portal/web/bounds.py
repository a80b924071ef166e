"""Bounds forms that are sent as one line of text, as those in parts are bounded."""

from __future__ import annotations

import io
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

_ONE_LINE = "application/x-www-form-urlencoded"


class BoundedParser(FormDataParser):
    """Werkzeug reads such a form whole: a body of thirty megabytes may hold sixteen million fields."""

    def parse(self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Any = None) -> Any:
        """Read a form.

        Raises:
            RequestEntityTooLarge: it is longer, or has more fields, than a form in parts may.
        """
        if mimetype == _ONE_LINE and self.max_form_memory_size and self.max_form_parts:
            body = stream.read(self.max_form_memory_size + 1)
            if len(body) > self.max_form_memory_size or body.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = io.BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


def bounded(request_class: type[Request]) -> type[Request]:
    """The kind of request that every view is given, made of the one that extensions have added to."""
    return type("BoundedRequest", (request_class,), {"form_data_parser_class": BoundedParser})
