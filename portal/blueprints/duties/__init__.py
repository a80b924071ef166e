"""Pages of the duties of each post and of the interaction of the units."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("duties", __name__)

from portal.blueprints.duties import routes  # noqa: E402, F401 - the routes attach themselves
