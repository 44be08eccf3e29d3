"""`commentdesk db`: the database's schema."""

import click

from service.commands.opening import open_storage, settings_of
from service.domain.errors import SettingsError
from service.storage import schema


@click.group()
def db() -> None:
    """Create or upgrade the database."""


@db.command()
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Bring the database to this version; safe to run again."""
    settings = settings_of(ctx, "command")
    if not settings.database_url:
        try:
            settings.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"The folder {settings.data} cannot be made.") from error
    reached = schema.upgrade(open_storage(ctx, settings))
    click.echo(f"The database is at version {reached}.")
