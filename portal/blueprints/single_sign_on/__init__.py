"""Pages of signing in at the provider of the service."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("single_sign_on", __name__)

from portal.blueprints.single_sign_on import routes  # noqa: E402, F401 - the routes attach themselves
