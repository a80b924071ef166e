"""What an officer wishes of the screen: language, time zone, theme, density, keys."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("preferences", __name__)

from portal.blueprints.preferences import routes  # noqa: E402, F401 - the routes attach themselves
