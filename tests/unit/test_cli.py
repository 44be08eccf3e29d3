"""The command line finds commands by name, loads them when called, and speaks in one sentence."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service import cli as command_line
from service.cli import COMMANDS, cli, main
from service.domain.errors import SettingsError


def run_main(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["commentdesk", *arguments])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A command `fail` that raises what its argument names."""

    @click.command()
    @click.argument("how")
    def fail(how: str) -> None:
        raise {
            "settings": SettingsError("The setting is bad: correct it."),
            "abort": click.Abort(),
            "exit": click.exceptions.Exit(7),
        }[how]

    monkeypatch.setitem(COMMANDS, "fail", ("tests.none:fail", "Fail."))
    monkeypatch.setattr(command_line.LazyGroup, "get_command", lambda *_: fail)
    return monkeypatch


def test_help_lists_each_command_with_its_line() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).output

    for name, (_, line) in COMMANDS.items():
        assert name in shown
        assert line.split(":")[0] in " ".join(shown.split())


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['commentdesk', '--help']\n"
        "from service.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'flask', 'sqlalchemy', 'redis', 'rq', 'numpy', 'sklearn', 'marshmallow'}\n"
        "sys.exit(repr(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_command_is_loaded_when_it_is_called() -> None:
    shown = CliRunner().invoke(cli, ["up", "--help"])

    assert shown.exit_code == 0
    assert "--no-demo" in shown.output


def test_unknown_command_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(monkeypatch, "upp") == 2
    assert "No such command 'upp'" in capsys.readouterr().err


def test_our_own_error_is_one_sentence_and_exit_code_2(
    failing: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_main(failing, "fail", "settings") == 2
    assert capsys.readouterr().err == "commentdesk: The setting is bad: correct it.\n"


@pytest.mark.parametrize(("how", "code"), [("abort", 130), ("exit", 7)])
def test_command_chooses_its_exit_code(failing: pytest.MonkeyPatch, how: str, code: int) -> None:
    assert run_main(failing, "fail", how) == code


def test_data_folder_is_handed_to_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[Path | None] = []

    @click.command()
    @click.pass_obj
    def look(data: Path | None) -> None:
        seen.append(data)

    monkeypatch.setitem(COMMANDS, "look", ("tests.none:look", "Look."))
    monkeypatch.setattr(command_line.LazyGroup, "get_command", lambda *_: look)

    CliRunner().invoke(cli, ["--data", str(tmp_path), "look"])
    CliRunner().invoke(cli, ["look"])

    assert seen == [tmp_path, None]


def test_version_is_that_of_the_package() -> None:
    assert "0.1.0" in CliRunner().invoke(cli, ["--version"]).output
