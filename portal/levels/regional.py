"""A regional directorate (RTU) or customs house: drafts, local profiles, opinions on drafts from below."""

from portal.levels.level import Level
from portal.levels.roles import OFFICE_POSTS, Post
from portal.levels.words import N_

REGIONAL = Level(
    name="regional",
    label=N_("Regional customs"),
    under=("central", "regional"),
    owns=N_("drafts; local profiles; its register; opinions on drafts of customs houses below it"),
    sees=N_("itself and its subtree"),
    reads_below=True,
    registers=("draft", "profile"),
    posts=OFFICE_POSTS | {Post.INSPECTOR},
    scopes=("14",),
    number_width=5,
)
