"""`commentdesk worker` and `commentdesk score`: the commands that need a model."""

import os
import sys
from io import BufferedIOBase
from typing import cast

import click

# Set before numpy is imported: its threads would fight the web process for the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@click.command()
@click.pass_context
def worker(ctx: click.Context) -> None:
    """Run a worker that scores comments."""
    from service.imports import uncollected  # noqa: PLC0415  # for this command

    with uncollected():
        from service.commands.opening import settings_of  # noqa: PLC0415  # for this command
        from worker import run, wiring  # noqa: PLC0415  # scikit-learn, which --help does without

    run.run(wiring.equip(settings_of(ctx, "worker")))


@click.command()
@click.argument("text", required=False)
@click.option("--jsonl", is_flag=True, help='Read {"body": …} lines from standard input.')
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.pass_context
def score(ctx: click.Context, text: str | None, jsonl: bool, as_json: bool) -> None:
    """Score TEXT with reasons, or a stream of comments, under the default policy."""
    if jsonl == (text is not None):
        raise click.UsageError("Give a text to score, or --jsonl and lines on standard input.")
    from service.commands.opening import settings_of  # noqa: PLC0415  # as above
    from worker import scorelines, wiring  # noqa: PLC0415  # as above

    scorer = wiring.load_scorer(settings_of(ctx, "score"))
    if text is not None:
        click.echo(scorelines.one(scorer, text, as_json=as_json))
        return
    scorelines.stream(scorer, cast(BufferedIOBase, sys.stdin.buffer), sys.stdout)
