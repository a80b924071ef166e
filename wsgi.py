"""The entrance for a WSGI server and for the `flask` command."""

import gc

# Nothing of what start-up makes is garbage: looking for it takes an eighth of the time until a command begins.
gc.disable()

from config import Misconfigured  # noqa: E402
from portal import create_app, logs  # noqa: E402
from portal.web import fair_share  # noqa: E402
from portal.web.turns import InTurn  # noqa: E402

try:
    app = create_app()
    environment = app.config["ENVIRONMENT"]
    logs.configure(environment.log_format, environment.log_receiver)
    if environment.at_once:
        in_turn = InTurn(app.wsgi_app, environment.at_once, fair_share.steps_back(app))
        app.wsgi_app = in_turn  # type: ignore[method-assign]
except Misconfigured as reason:
    raise SystemExit(f"The portal does not start: {reason}") from None

# What start-up made lives as long as the process; left out of collection it costs no request a pause.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
gc.enable()
