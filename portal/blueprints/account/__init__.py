"""Pages of an officer's own account: password, second factors, sessions."""

from portal.web.blueprint import PortalBlueprint

blueprint = PortalBlueprint("account", __name__)

from portal.blueprints.account import factors, passkeys, password, sessions  # noqa: E402, F401 - the routes attach
