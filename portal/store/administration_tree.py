"""Questions about the tree of authorities as its administrator opens it, branch by branch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from portal.levels.path import AuthorityPath
from portal.levels.scope import Scope
from portal.models import Authority
from portal.store.gateway import beneath
from portal.store.session import session

#: Authorities shown of one branch, branches open at once, and lines of a search.
BRANCH, OPEN, FOUND = 100, 12, 50


@dataclass(frozen=True)
class Node:
    """An authority in the tree; `children` counts those directly beneath it."""

    id: int
    code: str
    path: str
    level: str
    name_en: str
    name_ru: str
    closed_on: date | None
    children: int = 0

    def name(self, locale: str) -> str:
        return self.name_ru if locale == "ru" else self.name_en


@dataclass(frozen=True)
class Line:
    """One line of the tree as it is shown: how deep it stands, whether its branch is open, what the branch hides."""

    node: Node
    depth: int
    open: bool
    hidden: int


_COLUMNS = (
    Authority.id,
    Authority.code,
    Authority.authority_path,
    Authority.level,
    Authority.name_en,
    Authority.name_ru,
    Authority.closed_on,
)


def authority(authority_id: int) -> Authority | None:
    """An authority of the scope's own subtree: those above are seen, and not administered."""
    found = session().get(Authority, authority_id)
    return found if found is not None and _mine(found.authority_path) else None


def _mine(path: str) -> bool:
    return bool(session().info["scope"].may_write(AuthorityPath(path)))


def _subtree() -> ColumnElement[bool]:
    scope: Scope = session().info["scope"]
    if not scope.reads_below:
        return Authority.authority_path == scope.home.text
    return Authority.authority_path.like(beneath(scope.home.text), escape="!")


def tree(opened: Iterable[str]) -> list[Line]:
    """The lines of the tree whose branches are open, from the acting authority down.

    Args:
        opened: codes of the authorities whose branch is to be open, beside the acting authority's own.
    """
    home = session().info["scope"].home.text
    asked = select(Authority.authority_path).where(
        _subtree(), Authority.code.in_(list(opened)[:OPEN]) | (Authority.authority_path == home)
    )
    paths = _reachable(home, set(session().scalars(asked)))
    shown = {home: [_node(home)]}
    for path in sorted(paths):
        shown[f"{path}*"] = _branch(path)
    return _lines(home, shown, paths, _children([node.path for nodes in shown.values() for node in nodes]))


def _reachable(home: str, paths: set[str]) -> set[str]:
    """The open branches that can be seen: all above them, down from home, are open too."""
    found = {home}
    for path in sorted(paths):
        parent = AuthorityPath(path).parent
        if parent is not None and parent.text in found:
            found.add(path)
    return found


def _node(path: str) -> Node:
    return Node(*session().execute(select(*_COLUMNS).where(Authority.authority_path == path)).one())


def _branch(path: str) -> list[Node]:
    asked = select(*_COLUMNS).where(Authority.parent_path == path, _subtree())
    rows = session().execute(asked.order_by(Authority.authority_path).limit(BRANCH))
    return [Node(*row) for row in rows]


def _children(paths: list[str]) -> dict[str, int]:
    """How many authorities stand directly beneath each of these."""
    asked = select(Authority.parent_path, func.count(Authority.id)).where(
        Authority.parent_path.in_(paths), _subtree()
    )
    rows = session().execute(asked.group_by(Authority.parent_path))
    return {row[0]: row[1] for row in rows}


def _lines(
    path: str, shown: dict[str, list[Node]], opened: set[str], children: dict[str, int], depth: int = 0
) -> list[Line]:
    """The lines in the order in which the eye goes down the tree."""
    key = path if depth == 0 else f"{path}*"
    found = []
    for node in shown.get(key, []):
        is_open = node.path in opened
        count = children.get(node.path, 0)
        branch = shown.get(f"{node.path}*", [])
        facts = Node(**{**vars(node), "children": count})
        found.append(Line(facts, depth, is_open, count - len(branch) if is_open else 0))
        if is_open:
            found += _lines(node.path, shown, opened, children, depth + 1)
    return found


def search(typed: str) -> list[Node]:
    """Authorities of the subtree whose code begins with what was typed, or whose name holds all its words."""
    asked = select(*_COLUMNS).where(_subtree(), *(_holds(word) for word in typed.split()[:5]))
    rows = session().execute(asked.order_by(Authority.authority_path).limit(FOUND + 1))
    return [Node(*row) for row in rows]


def _holds(word: str) -> ColumnElement[bool]:
    """Either name, in any spelling of a word: PostgreSQL folds all letters, SQLite by the portal's own `lower`."""
    return or_(
        Authority.code.startswith(word, autoescape=True),
        func.lower(Authority.name_en).contains(word.lower(), autoescape=True),
        func.lower(Authority.name_ru).contains(word.lower(), autoescape=True),
    )


def by_code(code: str) -> Authority | None:
    """An authority of the subtree by its code."""
    return session().scalars(select(Authority).where(Authority.code == code, _subtree())).one_or_none()


def by_path(path: str) -> Authority:
    """The authority of the subtree at a path that is known to stand there."""
    return session().scalars(select(Authority).where(Authority.authority_path == path)).one()


def beneath_open(path: str) -> list[Node]:
    """Authorities beneath one that are not closed, the first of them."""
    asked = select(*_COLUMNS).where(
        Authority.authority_path.like(beneath(path), escape="!"),
        Authority.authority_path != path,
        Authority.closed_on.is_(None),
    )
    return [Node(*row) for row in session().execute(asked.order_by(Authority.authority_path).limit(BRANCH))]
