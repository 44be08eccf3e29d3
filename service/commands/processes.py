"""`commentdesk web` and `commentdesk sweep`: the processes that belong to the service."""

import os
from pathlib import Path

import click

BACKLOG_CONNECTIONS = 1024
RESPAWN_INTERVAL_S = 0.5


@click.command()
@click.pass_context
def web(ctx: click.Context) -> None:
    """Run the web server alone."""
    # This process only watches the one that serves, which imports what it needs by itself.
    from granian import Granian  # noqa: PLC0415  # for this command
    from granian.constants import Interfaces  # noqa: PLC0415  # for this command

    from service import installation  # noqa: PLC0415  # for this command
    from service.settings import Settings  # noqa: PLC0415  # for this command

    os.umask(installation.PRIVATE)  # the process that serves inherits it
    settings = Settings.load(data=ctx.find_object(Path))
    installation.redis_url(settings)
    Granian(
        "service.web:create",
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
    from service.imports import uncollected  # noqa: PLC0415  # the web server's parent does without

    with uncollected():
        from service import sweeper  # noqa: PLC0415  # as above
        from service.commands.opening import running_desk  # noqa: PLC0415  # as above

    sweeper.run(running_desk(ctx, "sweep"))
