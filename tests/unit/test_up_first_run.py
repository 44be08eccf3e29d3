"""The demo's account is made once for each database, by the commands that anybody would use."""

import json
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from service import first_run
from service.domain.errors import SettingsError
from service.first_run import FirstRun, demo_account

# Answers as `commentdesk site create` and its like do, and writes down how it was called.
STAND_IN = """
import json, os, sys
arguments = sys.argv[1:]
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(arguments) + "\\n")
if os.environ.get("FAIL") in arguments:
    sys.exit("commentdesk: There is a user of this name: choose another.")
if arguments[:2] == ["site", "create"]:
    print(json.dumps({"site_id": "s1", "api_key": "cd_1", "webhook_secret": "whsec_1"}))
if arguments[:2] == ["user", "list"]:
    print(json.dumps([{"login": login} for login in os.environ.get("LOGINS", "").split()]))
elif arguments[0] == "user":
    with open(os.environ["CALLS"] + ".passwords", "a") as passwords:
        passwords.write(sys.stdin.read())
"""

CREATE_SITE = ["site", "create", "Demo news", "--json"]
LIST_USERS = ["user", "list", "--json"]
CREATE_USER = ["user", "create", "moderator", "--password-stdin"]
SET_PASSWORD = ["user", "set-password", "moderator", "--password-stdin"]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    command = tmp_path / "stand_in.py"
    command.write_text(STAND_IN)
    monkeypatch.setattr(first_run, "COMMAND", (sys.executable, str(command)))
    return {"CALLS": str(tmp_path / "calls"), "COMMENTDESK_DATABASE_URL": "sqlite:///one.db"}


def calls(told: Mapping[str, str]) -> list[list[str]]:
    """The commands called since the last look."""
    path = Path(told["CALLS"])
    lines = path.read_text().splitlines() if path.exists() else []
    path.write_text("")
    return [json.loads(line) for line in lines]


def passwords(told: Mapping[str, str]) -> list[str]:
    """The passwords that the moderator was given."""
    return Path(told["CALLS"] + ".passwords").read_text().splitlines()


def account(folder: Path, told: Mapping[str, str], port: int = 8000) -> FirstRun:
    return demo_account(folder, told, f"http://127.0.0.1:{port}", port)


def set_webhook(port: int) -> list[str]:
    callbacks = f"http://127.0.0.1:{port}/demo/callbacks"
    return ["site", "set-webhook", "s1", callbacks, "--allow-private"]


def test_first_start_makes_site_moderator_and_callbacks(
    tmp_path: Path, told: dict[str, str]
) -> None:
    made = account(tmp_path, told)

    assert (made.api_key, made.webhook_secret, made.login) == ("cd_1", "whsec_1", "moderator")
    assert passwords(told) == [made.password]
    assert calls(told) == [LIST_USERS, CREATE_USER, CREATE_SITE, set_webhook(8000)]


def test_account_is_kept_for_its_owner_alone(tmp_path: Path, told: dict[str, str]) -> None:
    made = account(tmp_path, told)

    path = tmp_path / "first-run.json"
    assert json.loads(path.read_text())["api_key"] == made.api_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_second_start_calls_nothing(tmp_path: Path, told: dict[str, str]) -> None:
    first = account(tmp_path, told)
    calls(told)

    assert account(tmp_path, told) == first
    assert calls(told) == []


def test_other_port_moves_the_callbacks(tmp_path: Path, told: dict[str, str]) -> None:
    account(tmp_path, told)
    calls(told)

    moved = account(tmp_path, told, port=9000)

    assert moved.port == 9000
    assert calls(told) == [set_webhook(9000)]


def test_other_database_gets_an_account_of_its_own(tmp_path: Path, told: dict[str, str]) -> None:
    account(tmp_path, told)
    calls(told)

    account(tmp_path, told | {"COMMENTDESK_DATABASE_URL": "postgresql://other"})

    assert calls(told) == [LIST_USERS, CREATE_USER, CREATE_SITE, set_webhook(8000)]


def test_account_of_a_lost_database_is_forgotten(tmp_path: Path, told: dict[str, str]) -> None:
    account(tmp_path, told)
    calls(told)

    first_run.forget(tmp_path)

    account(tmp_path, told)
    assert calls(told)[:2] == [LIST_USERS, CREATE_USER]


def test_taken_login_is_told_and_nothing_is_made_or_written(
    tmp_path: Path, told: dict[str, str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        account(tmp_path, told | {"LOGINS": "ann moderator"})

    assert caught.value.detail == (
        "The demo's account cannot be made: the login moderator is taken. "
        "Start with --no-demo, or put its file first-run.json back."
    )
    assert calls(told) == [LIST_USERS]
    assert not (tmp_path / "first-run.json").exists()


def test_moderator_that_cannot_be_made_leaves_no_account_behind(
    tmp_path: Path, told: dict[str, str]
) -> None:
    with pytest.raises(SettingsError, match="choose another"):
        account(tmp_path, told | {"FAIL": "create"})

    assert not (tmp_path / "first-run.json").exists()


@pytest.mark.parametrize(("missed", "again"), [
    ("Demo news", [SET_PASSWORD, CREATE_SITE, set_webhook(8000)]),
    ("set-webhook", [set_webhook(8000)]),
])  # fmt: skip
def test_interrupted_start_is_completed_by_the_next(
    tmp_path: Path, told: dict[str, str], missed: str, again: list[list[str]]
) -> None:
    with pytest.raises(SettingsError):
        account(tmp_path, told | {"FAIL": missed})
    calls(told)

    made = account(tmp_path, told)

    assert calls(told) == again
    assert set(passwords(told)) == {made.password}
    assert (made.site_id, made.port) == ("s1", 8000)


def test_start_interrupted_before_there_was_a_moderator_is_completed(
    tmp_path: Path, told: dict[str, str]
) -> None:
    begun = FirstRun(first_run._fingerprint(told["COMMENTDESK_DATABASE_URL"]), password="p1")
    first_run._write(tmp_path / "first-run.json", begun)

    made = account(tmp_path, told | {"FAIL": "set-password"})

    assert calls(told) == [SET_PASSWORD, CREATE_USER, CREATE_SITE, set_webhook(8000)]
    assert (made.password, made.site_id) == ("p1", "s1")


@pytest.mark.parametrize("missed", ["user", "create"])
def test_account_of_another_database_is_kept_when_none_can_be_made(
    tmp_path: Path, told: dict[str, str], missed: str
) -> None:
    first = account(tmp_path, told)
    other = {"COMMENTDESK_DATABASE_URL": "postgresql://other", "FAIL": missed}

    with pytest.raises(SettingsError):
        account(tmp_path, told | other)

    assert account(tmp_path, told) == first


@pytest.mark.parametrize("text", ["", "[]", '{"site_id": "s1"}'])
def test_damaged_account_is_named(tmp_path: Path, told: dict[str, str], text: str) -> None:
    (tmp_path / "first-run.json").write_text(text)

    with pytest.raises(SettingsError, match="cannot be read: put it back, or start with --no-demo"):
        account(tmp_path, told)
