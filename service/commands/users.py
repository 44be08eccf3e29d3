"""`commentdesk user`: the people who review."""

import sys
from uuid import UUID

import click

from service.commands.opening import database_desk, show
from service.moderation import people

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
FROM_STDIN = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group()
def user() -> None:
    """Create and change the people who review."""


@user.command()
@click.argument("login")
@click.option("--site", "site_ids", type=click.UUID, multiple=True, help="Only this site; repeat.")
@FROM_STDIN
@AS_JSON
@click.pass_context
def create(
    ctx: click.Context, login: str, site_ids: tuple[UUID, ...], password_stdin: bool, as_json: bool
) -> None:
    """Create a moderator; without a password one is made and shown this once."""
    new = people.create_user(database_desk(ctx), login, _password(password_stdin), site_ids)
    login = new.moderator.login
    made = {"user_id": str(new.moderator.id), "login": login, "password": new.password}
    text = f"Created {login}." + ("" if password_stdin else f" Password: {new.password}")
    show(made, as_json=as_json, text=text)


@user.command("list")
@AS_JSON
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List the accounts."""
    found = [
        {
            "user_id": str(account.moderator.id),
            "login": account.moderator.login,
            "sites": "all" if account.moderator.site_ids is None
            else sorted(str(id_) for id_ in account.moderator.site_ids),
            "disabled": account.disabled_at is not None,
        }
        for account in people.list_users(database_desk(ctx))
    ]  # fmt: skip
    lines = [f"{item['login']}{'  (disabled)' if item['disabled'] else ''}" for item in found]
    show(found, as_json=as_json, text="\n".join(lines) or "There is nobody yet.")


@user.command("set-password")
@click.argument("login")
@FROM_STDIN
@click.pass_context
def set_password(ctx: click.Context, login: str, password_stdin: bool) -> None:
    """Change a password and end the account's sessions."""
    password = people.set_password(database_desk(ctx), login, _password(password_stdin))
    click.echo("Changed." if password_stdin else f"The password is now {password}")


@user.command()
@click.argument("login")
@click.pass_context
def disable(ctx: click.Context, login: str) -> None:
    """Close an account and end its sessions."""
    people.disable_user(database_desk(ctx), login)
    click.echo(f"{login.strip()} can log in no more.")


def _password(from_stdin: bool) -> str | None:
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else None
