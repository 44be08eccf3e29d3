"""The demo's site and moderator, made on the first start and kept in DATA/first-run.json.

Made by the commands that anybody would use, so that they are no special case anywhere else. The
demo, mounted by the web process, reads its key and secret from the same file.
"""

import hashlib
import json
import secrets
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from service.domain.errors import SettingsError
from service.installation import write_private

COMMAND = (sys.executable, "-m", "service")
SITE_NAME = "Demo news"
LOGIN = "moderator"
PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class FirstRun:
    """Who the demo is. `port`: where its callbacks go; `database`: which one knows it, hashed.

    Written before anything is made and after each step: without a site, the start was interrupted.
    """

    database: str
    login: str = LOGIN
    password: str = ""
    site_id: str = ""
    api_key: str = ""
    webhook_secret: str = ""
    port: int = 0


def demo_account(data: Path, environment: Mapping[str, str], base_url: str, port: int) -> FirstRun:
    """The demo's account, made when this database has none, with its callbacks at `base_url`."""
    path = data / "first-run.json"
    database = _fingerprint(environment["COMMENTDESK_DATABASE_URL"])
    account = known = _read(path)
    if account is None or account.database != database:
        account = _begin(path, environment, known, database)
    elif not account.site_id:
        _make_moderator(environment, account, begun=True)
    if not account.site_id:
        account = _add_site(path, environment, account)
    if account.port != port:
        callbacks = f"{base_url}/demo/callbacks"
        ask(environment, "site", "set-webhook", account.site_id, callbacks, "--allow-private")
        account = replace(account, port=port)
        _write(path, account)
    return account


def forget(data: Path) -> None:
    """Forget the account of a database that is gone."""
    (data / "first-run.json").unlink(missing_ok=True)


def ask(environment: Mapping[str, str], *arguments: str, stdin: str = "") -> str:
    """What a command of ours prints; its own sentence as a SettingsError when it fails."""
    done = subprocess.run(  # noqa: S603 - our own command, given as a list
        [*COMMAND, *arguments],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # Ctrl-C reaches us alone, who stop when this is done
    )
    if done.returncode != 0:
        sentence = done.stderr.strip().removeprefix("commentdesk: ")
        raise SettingsError(sentence or f"`commentdesk {arguments[0]}` failed.")
    return done.stdout


def _begin(
    path: Path, environment: Mapping[str, str], before: FirstRun | None, database: str
) -> FirstRun:
    # Looked at before anything is written: what is begun may be finished later, by a new password
    # for the login, and that of somebody else is none of ours.
    accounts = json.loads(ask(environment, "user", "list", "--json"))
    if LOGIN in [account["login"] for account in accounts]:
        raise SettingsError(
            f"The demo's account cannot be made: the login {LOGIN} is taken. "
            "Start with --no-demo, or put its file first-run.json back."
        )
    account = FirstRun(database, password=secrets.token_urlsafe(PASSWORD_BYTES))
    _write(path, account)
    try:
        _make_moderator(environment, account, begun=False)
    except SettingsError:
        if before:
            _write(path, before)
        else:
            path.unlink()
        raise
    return account


def _make_moderator(environment: Mapping[str, str], account: FirstRun, *, begun: bool) -> None:
    password = f"{account.password}\n"
    if begun:  # and interrupted, perhaps when the moderator was there
        with suppress(SettingsError):
            ask(environment, "user", "set-password", LOGIN, "--password-stdin", stdin=password)
            return
    ask(environment, "user", "create", LOGIN, "--password-stdin", stdin=password)


def _add_site(path: Path, environment: Mapping[str, str], account: FirstRun) -> FirstRun:
    made = json.loads(ask(environment, "site", "create", SITE_NAME, "--json"))
    account = replace(
        account,
        site_id=made["site_id"],
        api_key=made["api_key"],
        webhook_secret=made["webhook_secret"],
    )
    _write(path, account)
    return account


def _write(path: Path, account: FirstRun) -> None:
    write_private(path, json.dumps(asdict(account), indent=2))


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
