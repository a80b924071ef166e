"""My desk, the home of every role, with the search from its header."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("desk", __name__)

from portal.blueprints.desk import routes  # noqa: E402, F401 - the routes attach themselves
