"""A made-up data folder and the model trained on it, once a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models import cli
from models.predict import Scorer
from models.progress import STEPS, Progress
from tests.few_readers import few_readers
from tests.integration.models.synthetic_data import write_data_folder


@dataclass(frozen=True)
class Trained:
    """A training run by the command: its data and folder, what it printed, how it told it."""

    data: Path
    folder: Path
    result: Result
    progress: Progress


def run_training(data: Path, folder: Path) -> Result:
    """Result of `commentdesk train DATA --output FOLDER`; unforeseen errors are raised."""
    command = [str(data), "--output", str(folder)]
    return CliRunner().invoke(cli.train, command, catch_exceptions=False)


def is_as_foreseen(progress: Progress) -> bool:
    """Tell whether a bar has as many stages as were begun."""
    return progress.begun * STEPS == progress.bar.length


@pytest.fixture(scope="session", autouse=True)
def few_comments_of_our_own() -> Iterator[None]:
    """Train and evaluate with few comments of our own among the rows of spam."""
    with few_readers():
        yield


@pytest.fixture(scope="session")
def told() -> Iterator[list[Progress]]:
    """How commands tell what they do, from now on: the last one is that of the last command."""
    each: list[Progress] = []

    class Noted(Progress):
        def __init__(self, stages: int) -> None:
            super().__init__(stages)
            each.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "Progress", Noted)
        yield each


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data_folder(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def trained(
    data_folder: Path, told: list[Progress], tmp_path_factory: pytest.TempPathFactory
) -> Trained:
    folder = tmp_path_factory.mktemp("model") / "2026.1.1"
    return Trained(data_folder, folder, run_training(data_folder, folder), told[-1])


@pytest.fixture(scope="session")
def scorer(trained: Trained) -> Scorer:
    return Scorer.load(trained.folder)


@pytest.fixture(scope="session")
def shipped() -> Scorer:
    """The model that is shipped."""
    return Scorer.load()
