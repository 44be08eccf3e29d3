"""The demo's site and moderator, made on the first start and kept in DATA/first-run.json.

Made by the commands that anybody would use, so that they are no special case anywhere else. The
demo, mounted by the web process, reads its key and secret from the same file.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from service.domain.errors import SettingsError
from service.installation import write_private

COMMAND = (sys.executable, "-m", "service")
SITE_NAME = "Demo news"
LOGIN = "moderator"


@dataclass(frozen=True, slots=True)
class FirstRun:
    """Who the demo is. `port`: where its callbacks go; `database`: which one knows it, hashed."""

    site_id: str
    api_key: str
    webhook_secret: str
    login: str
    password: str
    port: int
    database: str


def demo_account(data: Path, environment: Mapping[str, str], base_url: str, port: int) -> FirstRun:
    """The demo's account, made when this database has none, with its callbacks at `base_url`."""
    path = data / "first-run.json"
    database = _fingerprint(environment["COMMENTDESK_DATABASE_URL"])
    known = _read(path)
    account = known if known and known.database == database else _create(environment, database)
    if account.port != port:
        callbacks = f"{base_url}/demo/callbacks"
        ask(environment, "site", "set-webhook", account.site_id, callbacks, "--allow-private")
        account = replace(account, port=port)
    if account != known:
        write_private(path, json.dumps(asdict(account), indent=2))
    return account


def forget(data: Path) -> None:
    """Forget the account of a database that is gone."""
    (data / "first-run.json").unlink(missing_ok=True)


def ask(environment: Mapping[str, str], *arguments: str) -> str:
    """What a command of ours prints; its own sentence as a SettingsError when it fails."""
    done = subprocess.run(  # noqa: S603 - our own command, given as a list
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sentence = done.stderr.strip().removeprefix("commentdesk: ")
        raise SettingsError(sentence or f"`commentdesk {arguments[0]}` failed.")
    return done.stdout


def _create(environment: Mapping[str, str], database: str) -> FirstRun:
    # The moderator first: the login may be taken, and then no site should be left behind.
    try:
        user = _ask_json(environment, "user", "create", LOGIN, "--json")
        site = _ask_json(environment, "site", "create", SITE_NAME, "--json")
    except SettingsError as error:
        raise SettingsError(
            f"The demo's account cannot be made: {error.detail} "
            "Start with --no-demo, or put its file first-run.json back."
        ) from error
    return FirstRun(
        site_id=site["site_id"],
        api_key=site["api_key"],
        webhook_secret=site["webhook_secret"],
        login=user["login"],
        password=user["password"],
        port=0,
        database=database,
    )


def _ask_json(environment: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(ask(environment, *arguments))
    return answer


def _read(path: Path) -> FirstRun | None:
    try:
        return FirstRun(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise SettingsError(
            f"{path} cannot be read: put it back, or start with --no-demo."
        ) from error


def _fingerprint(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:16]
