"""The page on which the indicators of a document are built."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("builder", __name__)

from portal.blueprints.builder import routes  # noqa: E402, F401 - the routes attach themselves
