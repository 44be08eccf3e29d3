"""What every command does first: read the settings, set up the logs, open the desk."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from service import installation, logs
from service.domain.errors import SettingsError
from service.moderation.desk import Desk, open_desk
from service.queue import Handover, connect
from service.settings import Settings
from service.storage.engine import Storage

# Commands that only touch the database need no Redis; nothing listens there.
NO_REDIS = "unix:///nonexistent/commentdesk.sock"


def settings_of(ctx: click.Context, process: str, **overrides: Any) -> Settings:
    """The settings for this command, with --data in force, and logs set up.

    Whatever the command writes from now on is for its owner alone.
    """
    os.umask(installation.PRIVATE)
    data: Path | None = ctx.find_object(Path)
    settings = Settings.load(data=data, **overrides)
    logs.configure(settings, process)
    return settings


def running_desk(ctx: click.Context, process: str) -> Desk:
    """A desk for a process of the product: needs the database and a Redis."""
    return open_desk(settings_of(ctx, process))


def database_desk(ctx: click.Context) -> Desk:
    """A desk for a command that changes the database alone; an absent database is an error."""
    settings = settings_of(ctx, "command")
    return Desk(
        settings=settings,
        storage=existing_storage(ctx, settings),
        handover=Handover(connect(NO_REDIS)),
        secret_key=installation.secret_key(settings),
    )


def open_storage(ctx: click.Context, settings: Settings) -> Storage:
    """The database, closed when the command ends."""
    storage = Storage(settings.resolved_database_url)
    ctx.call_on_close(storage.close)
    return storage


def existing_storage(ctx: click.Context, settings: Settings) -> Storage:
    """The same, if it is there: SQLite would make an empty file. Raises SettingsError."""
    storage = open_storage(ctx, settings)
    if storage.file is None or storage.file.exists():
        return storage
    if settings.database_url:
        raise SettingsError(f"There is no file {storage.file}: run `commentdesk db upgrade`.")
    raise SettingsError(
        f"There is no installation in {settings.data}: start one with `commentdesk up`, or "
        "name another folder with --data."
    )


def show(value: Mapping[str, Any] | list[dict[str, Any]], *, as_json: bool, text: str) -> None:
    """Print a result for a script or for a person."""
    click.echo(json.dumps(value) if as_json else text)
