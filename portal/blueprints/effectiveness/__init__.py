"""Pages of the effectiveness of profiles."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("effectiveness", __name__)

from portal.blueprints.effectiveness import routes  # noqa: E402, F401 - the routes attach themselves
