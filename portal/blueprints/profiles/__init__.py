"""Pages of profiles."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("profiles", __name__)

from portal.blueprints.profiles import routes  # noqa: E402, F401 - the routes attach themselves
