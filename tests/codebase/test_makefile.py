"""`make` is how everything is run: its targets are there, and it says clearly what it needs."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

TARGETS = (
    "help",
    "setup",
    "run",
    "second",
    "test",
    "check",
    "lint",
    "types",
    "train",
    "bench",
    "docs",
    "lock",
)


def make(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_target_is_listed_with_what_it_does(target: str) -> None:
    lines = make().stdout.splitlines()

    assert [line for line in lines if line.split()[:1] == [target] and len(line.split()) > 2]


def test_old_python_is_named_and_refused(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)

    done = make("setup", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")

    assert done.returncode == 2
    assert "commentdesk needs Python 3.11 or newer" in done.stdout
    assert "3.9.2" in done.stdout
    assert not (tmp_path / "venv").exists()


def test_second_setup_installs_nothing(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    (venv / ".run-stamp").touch()

    done = make("setup", f"VENV={venv}")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Installing" not in done.stdout


def test_changed_requirements_are_installed_again(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    (venv / ".run-stamp").touch()

    planned = make("setup", "--dry-run", f"VENV={venv}", "--assume-new=requirements/run.txt").stdout

    assert planned.count("--no-deps --require-hashes -r requirements/run.txt") == 2  # uv and pip
    assert planned.count("--no-build-isolation") == 2
