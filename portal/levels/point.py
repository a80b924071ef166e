"""A customs point: declarations, inspections and their results, and its own local profiles."""

from portal.levels.level import Level
from portal.levels.roles import OFFICE_POSTS, Post
from portal.levels.words import N_

POINT = Level(
    name="point",
    label=N_("Customs point"),
    under=("regional",),
    owns=N_("its own local profiles and drafts; declarations, inspections and their results"),
    sees=N_("itself, and the profiles in force that apply to it"),
    reads_below=True,
    registers=("draft", "profile"),
    posts=OFFICE_POSTS | {Post.INSPECTOR},
    scopes=("14",),
    # A point shares the first five digits with its house: eight keep the two registers' numbers apart.
    number_width=8,
)
