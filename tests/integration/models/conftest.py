"""A made-up data folder and the model trained on it, once a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.cli import train
from models.predict import Scorer
from tests.few_readers import few_readers
from tests.integration.models.synthetic_data import write_data_folder


@dataclass(frozen=True)
class Trained:
    """A training run by the command: the data it read, the folder it wrote, what it printed."""

    data: Path
    folder: Path
    result: Result


def run_training(data: Path, folder: Path) -> Result:
    """Result of `commentdesk train DATA --output FOLDER`; unforeseen errors are raised."""
    command = [str(data), "--output", str(folder)]
    return CliRunner().invoke(train, command, catch_exceptions=False)


@pytest.fixture(scope="session", autouse=True)
def few_comments_of_our_own() -> Iterator[None]:
    """Train and evaluate with few comments of our own among the rows of spam."""
    with few_readers():
        yield


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data_folder(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def trained(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("model") / "2026.1.1"
    return Trained(data_folder, folder, run_training(data_folder, folder))


@pytest.fixture(scope="session")
def scorer(trained: Trained) -> Scorer:
    return Scorer.load(trained.folder)


@pytest.fixture(scope="session")
def shipped() -> Scorer:
    """The model that is shipped."""
    return Scorer.load()
