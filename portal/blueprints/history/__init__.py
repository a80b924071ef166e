"""The pages of past declarations."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("history", __name__)

from portal.blueprints.history import routes  # noqa: E402, F401 - the routes attach themselves
