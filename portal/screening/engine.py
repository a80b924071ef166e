"""Opens the embedded analytical engine so that it can reach the files it is given and nothing else."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

_NO_SURROGATES = "NOT (point BETWEEN 55296 AND 57343)"
_LOWERED = f"""
SELECT chr(point::INTEGER), lower(chr(point::INTEGER)) FROM range(1, 1114112) AS points(point)
WHERE {_NO_SURROGATES} AND lower(chr(point::INTEGER)) <> chr(point::INTEGER)
"""  # noqa: S608 - a constant


def quoted(text: str) -> str:
    """Write `text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def connect(readable: Iterable[Path] = (), folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open a private engine in memory that may read the `readable` files and write inside `folder`.

    The network, other files, extensions and its own settings are out of its reach. It knows the function
    `fold_case(text)`, which equals Python's `str.casefold`.
    """
    connection = duckdb.connect(":memory:")
    connection.execute(f"CREATE MACRO fold_case(txt) AS {_fold_case()}")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    paths = ", ".join(quoted(str(path.resolve())) for path in readable)
    connection.execute(f"SET allowed_paths = [{paths}]")
    if folder is not None:
        connection.execute(f"SET allowed_directories = [{quoted(f'{folder.resolve()}/')}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@cache
def _fold_case() -> str:
    """Write case folding over `txt`: the engine's own lower case, but for the letters where the two differ."""
    special = _differently_folded()
    letters = "".join(special)
    entries = ", ".join(f"{quoted(letter)}: {quoted(folded)}" for letter, folded in special.items())
    letter = "substring(txt, place, 1)"
    folded = f"coalesce(MAP {{{entries}}}[{letter}], lower({letter}))"
    return (
        f"CASE WHEN txt IS NULL THEN NULL WHEN NOT regexp_matches(txt, {quoted(f'[{letters}]')}) THEN lower(txt) "
        f"ELSE array_to_string(list_transform(range(1, length(txt) + 1), lambda place: {folded}), '') END"
    )


def _differently_folded() -> dict[str, str]:
    """Map each letter whose case folding is not the engine's lower case to its folding."""
    with duckdb.connect(":memory:") as connection:
        lowered = dict(connection.execute(_LOWERED).fetchall())
    points = (chr(point) for point in range(1, 0x110000) if not 0xD800 <= point < 0xE000)
    return {
        letter: folded for letter in points if (folded := letter.casefold()) != lowered.get(letter, letter)
    }
