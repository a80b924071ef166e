"""Gives out the first passwords of an import: on the page that answers, and as a file of that page."""

from __future__ import annotations

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal.blueprints.officer_import import blueprint
from portal.blueprints.officer_import.routes import url
from portal.operations import officer_import
from portal.web.access import ADMINISTRATOR
from portal.web.acting import acting
from portal.web.export import list_file
from portal.web.page import page


@blueprint.get("/<code>/officer-imports/<int:import_id>/passwords", access=ADMINISTRATOR)
def ask_passwords(import_id: int) -> ResponseReturnValue:
    """The check page, to which a reload of the list leads as well."""
    found = officer_import.load(import_id)
    waiting = officer_import.check_giver(found, acting().acts)
    return page(
        "officer_import/ask_passwords.html",
        found=found,
        waiting=len(waiting),
        action=url("give_passwords", import_id=import_id),
        cancel_url=url("show", import_id=import_id),
    )


@blueprint.post("/<code>/officer-imports/<int:import_id>/passwords", access=ADMINISTRATOR)
def give_passwords(import_id: int) -> ResponseReturnValue:
    """Draw the passwords anew, and show them this once: no address leads to them, and nothing keeps them."""
    seed, drawn = officer_import.give_first_passwords(import_id, acting().acts)
    return page(
        "officer_import/passwords.html",
        found=officer_import.load(import_id),
        drawn=drawn,
        seed=seed,
        days=current_app.config["ENVIRONMENT"].first_password_days,
        file_url=url("passwords_export", import_id=import_id),
        show_url=url("show", import_id=import_id),
    )


@blueprint.post("/<code>/officer-imports/<int:import_id>/passwords/file", access=ADMINISTRATOR, writes=False)
def passwords_export(import_id: int) -> ResponseReturnValue:
    """The list as a file, to whoever has the page with its seed before him."""
    found = officer_import.first_passwords(import_id, request.form.get("seed", "")[:64], acting().acts)
    heads = [gettext("Login"), gettext("Name"), gettext("First password")]
    return list_file(
        f"first-passwords-{import_id}", heads, [[one.login, one.name, one.password] for one in found]
    )
