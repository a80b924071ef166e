"""Pages of the registers of drafts and profiles."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("registers", __name__)

from portal.blueprints.registers import routes  # noqa: E402, F401 - the routes attach themselves
