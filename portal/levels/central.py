"""The central customs of a state: reviews drafts, keeps the national register, signs for regions and state."""

from portal.levels.level import Level
from portal.levels.roles import OFFICE_POSTS, Post
from portal.levels.words import N_

CENTRAL = Level(
    name="central",
    label=N_("Central customs"),
    under=("union",),
    owns=N_("national, zonal and regional profiles; the national register; the review of drafts"),
    sees=N_("its whole state"),
    reads_below=True,
    registers=("draft", "profile"),
    posts=OFFICE_POSTS | {Post.DEPUTY_HEAD},
    scopes=("11", "12", "13"),
    number_width=5,
)
