"""Pages of signing in and out, and of choosing a language."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("sign_in", __name__)

from portal.blueprints.sign_in import routes, second  # noqa: E402, F401 - the routes attach themselves
