"""The commands `commentdesk train` and `commentdesk evaluate`."""

from pathlib import Path

import click

from models.errors import ModelError
from models.progress import Progress

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class _Mistake(click.ClickException):
    """One sentence on a folder that cannot be used, and the exit code of every caller's mistake."""

    exit_code = 2


@click.command()
@click.argument("data_dir", type=_FOLDER)
@click.option("--student", is_flag=True, help="Distil anew what the last teachers said (torch).")
@click.option("--teacher", is_flag=True, help="Fine-tune new teachers and distil them (torch).")
@click.option("--second-stage", is_flag=True, help="Train a second stage instead (torch).")
@click.option("--output", type=click.Path(path_type=Path), help="Folder of the new version.")
def train(
    data_dir: Path, student: bool, teacher: bool, second_stage: bool, output: Path | None
) -> None:
    """Train a model on DATA_DIR; the same inputs give the same bytes.

    Without --student or --teacher the network of the newest shipped model is kept. A second stage
    belongs to the newest shipped model and reads again what that finds suspicious.
    """
    from models.train import run, second  # noqa: PLC0415 - scikit-learn is slow

    if student + teacher + second_stage > 1:
        raise click.UsageError("Give one of --student, --teacher and --second-stage.")
    source = run.Network.SHIPPED
    if student or teacher:
        source = run.Network.TEACHER if teacher else run.Network.STUDENT
    try:
        with Progress(second.STAGES if second_stage else run.stages(source)) as say:
            folder = (
                second.train_second_stage(data_dir, output, say)
                if second_stage
                else run.train_model(data_dir, source, output, say)
            )
    except ModelError as error:
        raise _Mistake(str(error)) from None
    click.echo(f"wrote {folder}")


@click.command()
@click.argument("data_dir", type=_FOLDER)
@click.option("--model", type=_FOLDER, help="Model folder; default: the newest shipped version.")
@click.option("--second-stage", type=_FOLDER, help="Folder of a second stage; default: none.")
@click.option("--report", type=click.Path(path_type=Path), help="Where to write the report.")
def evaluate(
    data_dir: Path, model: Path | None, second_stage: Path | None, report: Path | None
) -> None:
    """Measure a model on the held-out parts of DATA_DIR and write the report."""
    from models.evaluate.run import STAGES, evaluate_model  # noqa: PLC0415 - scikit-learn is slow

    try:
        with Progress(STAGES) as say:
            table = evaluate_model(data_dir, model, report, say, second=second_stage)
    except ModelError as error:
        raise _Mistake(str(error)) from None
    click.echo(table)
