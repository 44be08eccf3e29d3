"""`commentdesk deliveries`: the callbacks that sites are or were owed."""

from typing import Any
from uuid import UUID

import click

from service.commands.opening import database_desk, show
from service.domain.errors import Invalid
from service.moderation import notify
from service.moderation.rendering import when
from service.storage.deliveries import Delivery, State

LIST_DEFAULT = 50


@click.group()
def deliveries() -> None:
    """List, replay and drop callbacks."""


@deliveries.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]))
@click.option("--site", "site_id", type=click.UUID, help="Only this site's.")
@click.option("--limit", default=LIST_DEFAULT, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_context
def list_(
    ctx: click.Context, state: str | None, site_id: UUID | None, limit: int, as_json: bool
) -> None:
    """List callbacks, newest first."""
    with database_desk(ctx).storage.read() as work:
        found = work.deliveries.listed(State(state) if state else None, site_id, limit)
    lines = [
        f"{item.id}  {item.state.value:9}  tries {item.attempts:2}  {item.last_error or ''}"
        for item in found
    ]
    text = "\n".join(lines) or "There are none."
    show([_described(item) for item in found], as_json=as_json, text=text)


@deliveries.command()
@click.argument("ids", type=click.UUID, nargs=-1)
@click.option("--dead", is_flag=True, help="All that were given up.")
@click.option("--site", "site_id", type=click.UUID, help="With --dead: only this site's.")
@click.pass_context
def replay(ctx: click.Context, ids: tuple[UUID, ...], dead: bool, site_id: UUID | None) -> None:
    """Send callbacks again, from the first try on."""
    desk = database_desk(ctx)
    if dead == bool(ids):
        raise Invalid("Name callbacks to send again, or give --dead for all that were given up.")
    count = notify.replay(desk, ids or None, site_id)
    click.echo(f"{count} will be sent again, where the site has an endpoint.")


@deliveries.command()
@click.argument("ids", type=click.UUID, nargs=-1)
@click.option("--dead", is_flag=True, help="All that were given up.")
@click.option("--site", "site_id", type=click.UUID, help="With --dead: only this site's.")
@click.pass_context
def drop(ctx: click.Context, ids: tuple[UUID, ...], dead: bool, site_id: UUID | None) -> None:
    """Forget callbacks that were given up; the decisions stay."""
    desk = database_desk(ctx)
    if dead == bool(ids):
        raise Invalid("Name callbacks to drop, or give --dead for all that were given up.")
    count = notify.drop(desk, ids or None, site_id)
    click.echo(f"{count} that had been given up will not be sent.")


def _described(item: Delivery) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "site_id": str(item.site_id),
        "comment_id": str(item.comment_id),
        "state": item.state.value,
        "attempts": item.attempts,
        "due_at": when(item.due_at),
        "last_status": item.last_status,
        "last_error": item.last_error,
        "delivered_at": when(item.delivered_at) if item.delivered_at else None,
    }
