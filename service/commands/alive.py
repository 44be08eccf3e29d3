"""`commentdesk alive`: what a container engine asks to decide on restarts."""

import click

from service import installation
from service.commands.opening import settings_of


@click.command()
@click.argument("process", type=click.Choice(installation.BEATING))
@click.pass_context
def alive(ctx: click.Context, process: str) -> None:
    """Say whether this folder's worker or sweeper is alive; exit code 1 when it is not.

    Nothing else is looked at: whether it has what it needs, `commentdesk doctor` says.
    """
    age_s = installation.beat_age_s(settings_of(ctx, "command").data, process)
    is_alive = age_s is not None and age_s < installation.BEAT_SEEN_S
    seen = "never" if age_s is None else f"{age_s:.0f} s ago"
    click.echo(f"{process}: seen {seen}.")
    ctx.exit(0 if is_alive else 1)
