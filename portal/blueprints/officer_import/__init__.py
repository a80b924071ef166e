"""Pages of the import of officers from a spreadsheet."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("officer_import", __name__)

from portal.blueprints.officer_import import passwords, routes  # noqa: E402, F401 - the routes attach themselves
