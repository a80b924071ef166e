"""Pages of drafts."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("drafting", __name__)

from portal.blueprints.drafting import routes  # noqa: E402, F401 - the routes attach themselves
