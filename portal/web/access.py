"""Who may come in: every route names one of these rules."""

from __future__ import annotations

from dataclasses import dataclass

from portal.levels.roles import Post
from portal.web.acting import Acting


@dataclass(frozen=True)
class Access:
    """A rule of admission.

    Attributes:
        name: how the rule is called in tables and tests.
        signed_in: whether anonymous visitors are sent to the sign-in page.
        posts: the posts of which one must be held at the acting authority; empty: any post there.
        levels: names of the levels at which the page exists; empty: all.
        own: whether the page is about the officer's own account: it acts for the authority that keeps the account.
        before_duties: whether it opens to an officer who must first change his password or add a second factor.
    """

    name: str
    signed_in: bool = True
    posts: frozenset[Post] = frozenset()
    levels: frozenset[str] = frozenset()
    own: bool = False
    before_duties: bool = False

    def level_has(self, acting: Acting) -> bool:
        return not self.levels or acting.level.name in self.levels

    def admits(self, acting: Acting) -> bool:
        return not self.posts or bool(self.posts & acting.posts)


ANYONE = Access("anyone", signed_in=False, before_duties=True)
SIGNED_IN = Access("signed in")
LEAVING = Access("signed in, whatever is still to be done", before_duties=True)
ACCOUNT = Access("the officer's own account", own=True, before_duties=True)
MEMBER = Access("any post at the authority")

_NATIONAL = frozenset({"central", "regional", "point"})
_OFFICE = frozenset(
    {Post.OFFICER, Post.UNIT_HEAD, Post.REGISTRAR, Post.FIRST_DEPUTY, Post.DEPUTY_HEAD, Post.HEAD}
)

#: Those who take part in the procedure: drafts, profiles and registers are theirs to read.
OFFICE = Access("posts of the office", posts=_OFFICE | {Post.AUDITOR}, levels=_NATIONAL)
#: Those who may act on documents (an auditor only reads).
PROCEDURE = Access("posts of the procedure", posts=_OFFICE, levels=_NATIONAL)
AUTHOR = Access("officers of units", posts=frozenset({Post.OFFICER}), levels=_NATIONAL)
INSPECTOR = Access("inspectors", posts=frozenset({Post.INSPECTOR}), levels=frozenset({"regional", "point"}))
#: Those who may read declarations: inspectors, and the office that analyses them.
DECLARATIONS = Access(
    "readers of declarations", posts=_OFFICE | {Post.INSPECTOR, Post.AUDITOR}, levels=_NATIONAL
)
DIRECTORY = Access(
    "readers of the directory", posts=_OFFICE | {Post.INSPECTOR, Post.AUDITOR}, levels=_NATIONAL
)
UNION = Access("union coordinators", posts=frozenset({Post.UNION_COORDINATOR}), levels=frozenset({"union"}))
#: Those to whom the union circulates its risk information.
CENTRE = Access("posts of the centre", posts=_OFFICE | {Post.AUDITOR}, levels=frozenset({"central"}))
#: Those who keep the tree, its units, officers and posts.
ADMINISTRATOR = Access("administrators", posts=frozenset({Post.ADMINISTRATOR}))
AUDITOR = Access("auditors", posts=frozenset({Post.AUDITOR}))
