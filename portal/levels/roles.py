"""The posts that officers hold, named as the office names them."""

from __future__ import annotations

from enum import StrEnum

from portal.levels.words import N_


class Post(StrEnum):
    """A named post in one authority, in one of its units where the post has one."""

    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    REGISTRAR = "registrar"
    FIRST_DEPUTY = "first_deputy"
    DEPUTY_HEAD = "deputy_head"
    HEAD = "head"
    INSPECTOR = "inspector"
    UNION_COORDINATOR = "union_coordinator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def in_unit(self) -> bool:
        """True when the post belongs to a structural unit and not to the authority as a whole."""
        return self in (Post.OFFICER, Post.UNIT_HEAD, Post.REGISTRAR)


LABELS = {
    Post.OFFICER: N_("Officer of the unit"),
    Post.UNIT_HEAD: N_("Head of unit"),
    Post.REGISTRAR: N_("Authorised officer of the coordination unit"),
    Post.FIRST_DEPUTY: N_("First deputy head for customs control"),
    Post.DEPUTY_HEAD: N_("Deputy head of the service"),
    Post.HEAD: N_("Head of the authority"),
    Post.INSPECTOR: N_("Inspector"),
    Post.UNION_COORDINATOR: N_("Union coordinator"),
    Post.AUDITOR: N_("Auditor"),
    Post.ADMINISTRATOR: N_("Administrator"),
}

#: Posts that a customs authority of a state may fill, whatever its level.
OFFICE_POSTS = frozenset(
    {
        Post.OFFICER,
        Post.UNIT_HEAD,
        Post.REGISTRAR,
        Post.FIRST_DEPUTY,
        Post.HEAD,
        Post.AUDITOR,
        Post.ADMINISTRATOR,
    }
)
