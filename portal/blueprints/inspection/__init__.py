"""Pages of the inspector's desk: the queue, a declaration, and the screening of a new one."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("inspection", __name__)

from portal.blueprints.inspection import routes, screen  # noqa: E402, F401 - the routes attach themselves
