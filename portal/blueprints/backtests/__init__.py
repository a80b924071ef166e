"""The pages of the back-test of a document."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("backtests", __name__)

from portal.blueprints.backtests import routes  # noqa: E402, F401 - the routes attach themselves
