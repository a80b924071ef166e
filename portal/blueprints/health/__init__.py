"""Pages for machines that watch the portal."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("health", __name__)

from portal.blueprints.health import routes  # noqa: E402, F401 - the routes attach themselves
