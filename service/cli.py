"""`commentdesk`: commands found by name and loaded when called, so that `--help` is instant."""

import importlib
import sys
from pathlib import Path

import click

from service.domain.errors import CommentdeskError

# name -> (where the click command is, its one line in --help)
COMMANDS = {
    "up": ("service.up:up", "Start the whole product: database, Redis, web, worker, sweeper."),
    "web": ("service.commands.processes:web", "Run the web server alone."),
    "worker": ("worker.cli:worker", "Run a worker that scores comments."),
    "sweep": ("service.commands.processes:sweep", "Run the sweeper, which also sends callbacks."),
    "score": ("worker.cli:score", "Score a text, or a stream of comments, with reasons."),
    "train": ("models.cli:train", "Train a model on a folder of labelled comments."),
    "evaluate": ("models.cli:evaluate", "Measure the shipped model and write the report."),
    "site": ("service.commands.sites:site", "Create and change sites, keys, callbacks, policies."),
    "user": ("service.commands.users:user", "Create and change the people who review."),
    "deliveries": ("service.commands.deliveries:deliveries", "List, replay and drop callbacks."),
    "db": ("service.commands.database:db", "Create or upgrade the database."),
    "alive": ("service.commands.alive:alive", "Say whether a worker or sweeper is alive."),
    "doctor": ("service.commands.doctor:doctor", "Check everything and say what is wrong."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the installation (COMMENTDESK_DATA; default ./data).",
)
@click.version_option(package_name="commentdesk")
@click.pass_context
def cli(ctx: click.Context, data: Path | None) -> None:
    """Self-hosted comment moderation: approve, hold or reject, with reasons."""
    ctx.obj = data


def main() -> None:
    """Run the command line; a mistake of the caller is one sentence and exit code 2.

    So is a fault of the installation, by service/commands/faults.py; a bug shows its traceback.
    """
    try:
        # Outside of its standalone mode click returns the code of ctx.exit(), it does not raise.
        code = cli.main(prog_name="commentdesk", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except CommentdeskError as error:
        click.echo(f"commentdesk: {error.detail}", err=True)
        sys.exit(2)
    except Exception as error:
        from service.commands.faults import said_of  # noqa: PLC0415  # it imports what may fail

        said = said_of(error)
        if said is None:
            raise
        click.echo(f"commentdesk: {said[0]}", err=True)
        sys.exit(said[1])
