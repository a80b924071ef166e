"""Pages of the alerts on deadlines."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("alerts", __name__)

from portal.blueprints.alerts import routes  # noqa: E402, F401 - the routes attach themselves
