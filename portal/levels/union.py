"""The union: circulates risk information, sees sums, never a national text, trader or declaration."""

from portal.levels.level import Level
from portal.levels.roles import Post
from portal.levels.words import N_

UNION = Level(
    name="union",
    label=N_("Union"),
    under=(),
    owns=N_("union risk information, circulated to the member states"),
    sees=N_("per state: aggregates only"),
    reads_below=False,
    registers=("profile",),
    posts=frozenset({Post.UNION_COORDINATOR, Post.AUDITOR, Post.ADMINISTRATOR}),
    scopes=("10",),
    number_width=5,
)
