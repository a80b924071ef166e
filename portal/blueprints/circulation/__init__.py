"""Pages of union risk information: the union's own, and those of the centres that answer it."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("circulation", __name__)

from portal.blueprints.circulation import answers, routes  # noqa: E402, F401 - the routes attach themselves
