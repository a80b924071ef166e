"""`flask users`: opens accounts, lets in who lost his second factor, and marks those that break the glass."""

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
from portal.operations import (
    accounts,
    administration,
    break_glass,
    passwords,
    second_factors,
    sign_on_accounts,
)
from portal.operations.administration import WrongPost
from portal.store import authorities, officers
from portal.store.authorities import Seen
from portal.store.session import acting, session

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


@group.command("break-glass")
@click.argument("login")
@click.option("--off", is_flag=True, help="Make it an ordinary account again.")
def mark(login: str, off: bool) -> None:
    """Let the password of LOGIN open although all others sign in at the provider; each use is told to auditors."""
    try:
        found = break_glass.mark(login, not off)
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    if found is None:
        raise click.ClickException(f"No open account has the login {login!r}.")
    click.echo(f"{login} is {'an ordinary' if off else 'a break-glass'} account")


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
    administration.appoint(officer, authority, post, administration.today_at(authority), unit=unit)


@group.command("new-password")
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="Read the password as one line of standard input.")
def new_password(login: str, password_stdin: bool) -> None:
    """Give LOGIN, who forgot his password, one that he must change at once; his second factors stay.

    It is read as `users add` reads one. The sessions of the account end, and its officer is told by mail.
    """
    try:
        found = _open_account(login)
        name, path = officers.home(found)
        password = _password(login.strip(), password_stdin, name)
        with acting(path, "users.new_password"):
            accounts.give_password(found, password)
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    click.echo(f"{login} signs in with the new password and changes it at once; sessions ended")


@group.command("reset-factors")
@click.argument("login")
def reset_factors(login: str) -> None:
    """Remove the second factors of an officer who lost them, and end his sessions; he is told by mail."""
    try:
        found = _open_account(login)
        with acting(officers.home(found)[1], "users.reset_factors"):
            removed = second_factors.reset(found)
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    click.echo(f"{login}: second factors removed: {removed}; sessions ended")


@group.command("forget-subject")
@click.argument("login")
def forget_subject(login: str) -> None:
    """Let the login LOGIN find its account at the next single sign-on, as when the provider was changed."""
    try:
        found = sign_on_accounts.forget(login.strip())
    except SQLAlchemyError as error:
        raise database_not_ready(error) from error
    if found is None:
        raise click.ClickException(f"No open account has the login {login!r}.")
    click.echo(f"{login} belongs to whoever next comes with this login from the provider")


def _open_account(login: str) -> int:
    """Id of an open account.

    Raises:
        click.ClickException: there is none of that login.
    """
    found = officers.credentials(login.strip())
    if found is None:
        raise click.ClickException(f"No open account has the login {login!r}.")
    return found[0]
