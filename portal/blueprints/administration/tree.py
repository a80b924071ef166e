"""The tree of authorities, opened branch by branch, and the search in it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.blueprints.administration import blueprint
from portal.blueprints.administration.found import named, tabs, to
from portal.blueprints.administration.words import level
from portal.levels.path import AuthorityPath
from portal.store import administration_tree as store
from portal.store import authorities
from portal.store.administration_tree import FOUND, OPEN, Line
from portal.web import arguments
from portal.web.access import ADMINISTRATOR
from portal.web.page import page


@blueprint.get("/<code>/administration", access=ADMINISTRATOR)
def tree() -> ResponseReturnValue:
    """The open branches (``open``: codes with dots between them), or what a search (``q``) finds."""
    typed = arguments.text("q", 100)
    opened = [code for code in arguments.text("open").split(".") if code][-OPEN:]
    lines = [] if typed else store.tree(opened)
    found = store.search(typed) if typed else []
    above = {AuthorityPath(node.path).parent for node in found}
    return page(
        "administration/tree.html",
        tabs=tabs("tree"),
        typed=typed,
        lines=[(line, named(line.node), level(line.node.level), _toggle(line, opened)) for line in lines],
        found=[
            (node, named(node), level(node.level), AuthorityPath(node.path).parent) for node in found[:FOUND]
        ],
        above={path: named(row) for path, row in authorities.names_of(p.text for p in above if p).items()},
        more=len(found) > FOUND,
        turned=arguments.text("turned", 8),
    )


def _toggle(line: Line, opened: list[str]) -> str | None:
    """The address of the tree with this branch opened, or shut; None for what has no branch, and for the root."""
    if line.depth == 0 or not line.node.children:
        return None
    others = [code for code in opened if code != line.node.code]
    codes = others if line.open else [*others, line.node.code]
    return to("tree", open=".".join(codes) or None, turned=line.node.code)
