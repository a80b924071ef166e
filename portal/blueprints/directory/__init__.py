"""Pages of the directory of profiles in force."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("directory", __name__)

from portal.blueprints.directory import routes  # noqa: E402, F401 - the routes attach themselves
