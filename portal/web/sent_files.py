"""Whether a file that was sent is of the kind that its name promises."""

from __future__ import annotations

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import FileField
from wtforms.validators import StopValidation

#: How files begin whose kind can be seen; all others are read as text.
_MARKS = {"parquet": b"PAR1", "xlsx": b"PK\x03\x04"}


class Named:
    """Takes a file whose name ends as one of the kinds that are read there, and that begins as its kind does.

    Args:
        endings: without the point, such as ``csv``.
    """

    def __init__(self, *endings: str) -> None:
        self.endings = endings

    def __call__(self, form: FlaskForm, field: FileField) -> None:
        """Look at the name and the first bytes; a field without a file passes.

        Raises:
            StopValidation: they do not agree, or another kind was sent.
        """
        if not field.data:
            return
        ending = (field.data.filename or "").rpartition(".")[2].lower()
        if ending not in self.endings:
            wanted = ", ".join(f".{one}" for one in self.endings)
            raise StopValidation(
                gettext("Send a file whose name ends with one of these: %(wanted)s", wanted=wanted)
            )
        begins = field.data.stream.read(4)
        field.data.stream.seek(0)
        seen = next((kind for kind, mark in _MARKS.items() if begins == mark), "")
        if seen != (ending if ending in _MARKS else ""):
            raise StopValidation(gettext("The file is not what its name says. Save it anew, and send that."))


#: Declarations, and the mapping of their columns.
DECLARATIONS, MAPPING = Named("csv", "txt", "tsv", "parquet"), Named("toml", "txt")
