"""`commentdesk web` and `commentdesk sweep`: the processes that belong to the service."""

import click
from granian import Granian
from granian.constants import Interfaces

from service import installation, sweeper
from service.commands.opening import running_desk, settings_of

BACKLOG_CONNECTIONS = 1024
RESPAWN_INTERVAL_S = 0.5


@click.command()
@click.pass_context
def web(ctx: click.Context) -> None:
    """Run the web server alone."""
    settings = settings_of(ctx, "web")
    installation.redis_url(settings)
    Granian(
        "service.app:create",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=1,
        blocking_threads=settings.web_threads,
        backlog=BACKLOG_CONNECTIONS,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_INTERVAL_S,
        log_enabled=settings.log_level == "debug",
    ).serve()


@click.command()
@click.pass_context
def sweep(ctx: click.Context) -> None:
    """Run the sweeper, which also sends callbacks."""
    sweeper.run(running_desk(ctx, "sweep"))
