"""Pages of the administrator: the tree, its authorities, units, officers and posts, and what needs a second person."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("administration", __name__)

from portal.blueprints.administration import (  # noqa: E402, F401 - the routes attach themselves
    authorities,
    closing,
    factors,
    officers,
    posts,
    proposals,
    tree,
    units,
)
