"""`flask users`: opens an account, such as that of the first administrator, and lets in who lost his second factor."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

import config
from portal.cli.failures import database_not_ready
from portal.levels.roles import Post
from portal.models import Authority, Unit
from portal.operations import administration, passwords, second_factors
from portal.operations.administration import WrongPost
from portal.store import authorities, officers
from portal.store.authorities import Seen
from portal.store.session import acting, session
from portal.workflow.clock import now

group = AppGroup("users", help="Accounts of officers.")


@group.command("add")
@click.option("--login", required=True, help="What the officer signs in with.")
@click.option("--name", required=True, help="As it stands under signatures.")
@click.option("--authority", "code", required=True, help="Code of the authority; `levels tree` prints them.")
@click.option(
    "--post",
    default=Post.ADMINISTRATOR.value,
    show_default=True,
    type=click.Choice([post.value for post in Post]),
)
@click.option("--unit", "unit_name", default="", help="Name of the unit, for posts that belong to one.")
@click.option("--email", default="")
@click.option("--locale", default="en", show_default=True, type=click.Choice(["en", "ru"]))
@click.option("--password-stdin", is_flag=True, help="Read the password as one line of standard input.")
def add(
    login: str,
    name: str,
    code: str,
    post: str,
    unit_name: str,
    email: str,
    locale: str,
    password_stdin: bool,
) -> None:
    """Open an account with one post from today on.

    The password is read from standard input, from PORTAL_NEW_PASSWORD, or asked for; never from an argument,
    which every user of the machine could read.
    """
    if not login.strip() or not name.strip():
        raise click.ClickException("The login and the name must not be empty.")
    try:
        home = _authority(code)
        password = _password(login.strip(), password_stdin, name, email)
        with acting(home.path, "users.add"):
            _enrol(home, login.strip(), name.strip(), password, Post(post), unit_name, email, locale)
    except WrongPost as error:
        raise click.ClickException(str(error)) from error
    except IntegrityError as error:
        raise click.ClickException(f"The login {login!r} is taken.") from error
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    click.echo(f"{login} is {post} at {code}")


def _authority(code: str) -> Seen:
    found = next((seen for seen in authorities.everywhere() if seen.code == code), None)
    if found is None:
        raise click.ClickException(f"No authority has the code {code!r}; `levels add` founds one.")
    return found


def _password(login: str, from_stdin: bool, *about: str) -> str:
    """A password that is not weak.

    Raises:
        click.ClickException: it is.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = config.new_password() or click.prompt(
            "Password", hide_input=True, confirmation_prompt=True
        )
    if why := passwords.weakness(password, login, *about):
        raise click.ClickException(f"The password is refused. {why}")
    return password


def _enrol(
    home: Seen, login: str, name: str, password: str, post: Post, unit_name: str, email: str, locale: str
) -> None:
    authority = session().get_one(Authority, home.id)
    unit = None
    if unit_name:
        asked = select(Unit).where(Unit.authority_path == home.path, Unit.name_en == unit_name)
        unit = session().scalars(asked).one_or_none()
        if unit is None:
            raise click.ClickException(f"{home.code} has no unit {unit_name!r}.")
    officer = administration.enrol(authority, login, name, password, email=email, locale=locale)
    administration.appoint(officer, authority, post, now().date(), unit=unit)


@group.command("reset-factors")
@click.argument("login")
def reset_factors(login: str) -> None:
    """Remove the second factors of an officer who lost them, and end his sessions; he is told by mail."""
    try:
        found = officers.credentials(login.strip())
        if found is None:
            raise click.ClickException(f"No open account has the login {login!r}.")
        with acting(officers.home(found[0])[1], "users.reset_factors"):
            removed = second_factors.reset(found[0])
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    click.echo(f"{login}: second factors removed: {removed}; sessions ended")
