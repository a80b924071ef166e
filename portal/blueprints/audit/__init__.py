"""Pages of the audit trail."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("audit", __name__)

from portal.blueprints.audit import routes, sealed, timeline  # noqa: E402, F401 - the routes attach themselves
