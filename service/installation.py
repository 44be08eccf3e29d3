"""What the data folder of an installation holds, and how a command finds the running product."""

import json
import os
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from service.domain.errors import SettingsError
from service.settings import Settings

BEATING = ("worker", "sweep")
"""The processes that say that they live."""
BEAT_SEEN_S = 150.0
"""So long one that said so counts as alive: a worker does every 5 s, a sweeper before each look,
the pauses between which are a setting of 60 s at the most."""
PRIVATE = 0o077
"""Umask of whatever writes comments, addresses or keys."""


@dataclass(frozen=True, slots=True)
class Running:
    """What `commentdesk up` wrote down about the product it runs: DATA/run.json."""

    pid: int
    port: int
    redis_url: str
    public_url: str


def write_private(path: Path, text: str) -> None:
    """Write `path` in one step, readable by its owner alone."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def running(data: Path) -> Running | None:
    """The product that runs on this folder, as far as its file tells; None when there is none."""
    try:
        return Running(**json.loads((data / "run.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError) as error:
        file = data / "run.json"
        raise SettingsError(f"{file} cannot be read: remove it and start again.") from error


def write_running(data: Path, product: Running) -> None:
    """Let other commands find this product."""
    write_private(data / "run.json", json.dumps(asdict(product)))


def beat(data: Path, process: str) -> None:
    """Let `beat_age_s` know that a process lives; where nothing can be written, it does not."""
    with suppress(OSError):
        data.mkdir(parents=True, exist_ok=True)
        (data / f"{process}.alive").touch()


def beat_age_s(data: Path, process: str) -> float | None:
    """Seconds since a process of that name last said that it lives; None: it never did."""
    try:
        return time.time() - (data / f"{process}.alive").stat().st_mtime
    except FileNotFoundError:
        return None


def base_url(host: str, port: int) -> str:
    """The address under which this machine reaches a server that listens on `host`."""
    return f"http://{local_host(host)}:{port}"


def local_host(host: str) -> str:
    """A host by which this machine reaches its own server, as it stands in an address."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def redis_url(settings: Settings) -> str:
    """The Redis of this installation; raises SettingsError when there is none to be found."""
    if settings.redis_url:
        return settings.redis_url
    product = running(settings.data)
    if product is None:
        raise SettingsError(
            f"Nothing runs on the folder {settings.data}: start it with `commentdesk up`, "
            "name another with --data, or set COMMENTDESK_REDIS_URL."
        )
    return product.redis_url


def secret_key(settings: Settings) -> str:
    """The installation's own secret, made on first use and kept in DATA/secret.key."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data / "secret.key"
    if not path.exists():
        settings.data.mkdir(parents=True, exist_ok=True)
        _make_once(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()


def _make_once(path: Path, text: str) -> None:
    """Write `path` unless another process has; whoever is first, all read the same."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    write_private(fresh, text)
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
