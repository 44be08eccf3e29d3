"""What `pip install` gives holds all that the product reads: templates, styles, model, tables."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = "models/train/kept/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the wheel, built from this tree without fetching anything."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir"]
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_wheel_holds_every_tracked_file_of_the_packages(wheel: set[str]) -> None:
    command = ["git", "ls-files", "-z", "service", "worker", "models"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    tracked = {name for name in done.stdout.decode().split("\0") if name}

    assert {name for name in tracked - wheel if not name.startswith(KEPT)} == set()


def test_wheel_leaves_out_what_only_trainers_need(wheel: set[str]) -> None:
    assert not [name for name in wheel if name.startswith(KEPT)]


def test_wheel_holds_nothing_else(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel} <= {
        "service",
        "worker",
        "models",
        "commentdesk-0.1.0.dist-info",
    }
