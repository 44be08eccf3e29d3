"""`commentdesk doctor`: look at everything, and say what is wrong and what to do."""

import click

from service import installation
from service.commands.opening import NO_REDIS, existing_storage, settings_of, show
from service.domain.errors import SettingsError
from service.moderation.desk import Desk
from service.moderation.health import diagnose
from service.queue import Handover, connect
from service.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Check everything and say what is wrong; exit code 1 when something is."""
    found = diagnose(_desk(ctx, settings_of(ctx, "command", log_level="error")))
    lines = [f"{'ok  ' if check.ok else 'BAD '} {check.name:12} {check.detail}" for check in found]
    as_dicts = [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in found]
    show(as_dicts, as_json=as_json, text="\n".join(lines))
    ctx.exit(0 if all(check.ok for check in found) else 1)


def _desk(ctx: click.Context, settings: Settings) -> Desk:
    # A product that does not run is a finding here, not an error.
    try:
        url = installation.redis_url(settings)
    except SettingsError:
        url = NO_REDIS
    handover = Handover(connect(url))
    return Desk(settings, existing_storage(ctx, settings), handover, secret_key="")
