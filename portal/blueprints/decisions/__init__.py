"""Pages on which an officer makes a move of the procedure."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("decisions", __name__)

from portal.blueprints.decisions import routes  # noqa: E402, F401 - the routes attach themselves
