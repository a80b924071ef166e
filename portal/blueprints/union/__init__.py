"""Pages of the union: the sums of its states side by side."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("union", __name__)

from portal.blueprints.union import routes  # noqa: E402, F401 - the routes attach themselves
