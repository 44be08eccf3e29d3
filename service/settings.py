"""Settings: one frozen object, read once from environment variables named COMMENTDESK_….

Each field below is one setting: its default, its unit (last in the name) and what it does. A secret
may come from a file named by COMMENTDESK_<NAME>_FILE. An unknown or bad value raises SettingsError
with a sentence that names it. `docs/reference/settings.md` lists them; a test keeps it complete.
"""

import dataclasses
import os
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from environs import EnvError, FileAwareEnv
from marshmallow import ValidationError
from marshmallow.validate import OneOf, Range

from service.domain import rates
from service.domain.errors import SettingsError

PREFIX = "COMMENTDESK_"
SCHEDULE_MAX_S = 604_800
DATABASE_SCHEMES = ("sqlite", "sqlite+pysqlite", "postgres", "postgresql", "postgresql+psycopg")
REDIS_SCHEMES = ("redis", "rediss", "unix")


def _rate(text: str) -> None:
    if text == "off":
        return
    try:
        rates.parse(text)
    except ValueError as error:
        raise ValidationError("Write it as in 100/second, 5000/hour, or off.") from error


def _schedule(pauses: list[float]) -> None:
    if not pauses or not all(0 <= pause <= SCHEDULE_MAX_S for pause in pauses):
        raise ValidationError(f"Name 1 or more pauses of 0 to {SCHEDULE_MAX_S} seconds.")


def _database_url(url: str) -> None:
    if url and url.partition("://")[0] not in DATABASE_SCHEMES:
        raise ValidationError("Write postgresql://user:password@host:5432/name or sqlite:////path.")


def _redis_url(url: str) -> None:
    try:
        is_address = urlsplit(url).scheme in REDIS_SCHEMES and urlsplit(url).port != 0
    except ValueError:  # a port that is no number
        is_address = False
    if url and not is_address:
        raise ValidationError("Write redis://host:6379/0 or unix:///path.")


def _setting(kind: str, default: Any, doc: str, check: Callable[[Any], Any] | None = None) -> Any:
    metadata = {"kind": kind, "doc": doc, "check": check}
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one process, typed and checked."""

    data: Path = _setting("path", Path("data"), "Folder of this installation.")
    database_url: str = _setting(
        "str",
        "",
        "SQLAlchemy URL; empty: SQLite in the data folder. PostgreSQL: postgresql://…",
        _database_url,
    )
    redis_url: str = _setting(
        "str",
        "",
        "Redis or Valkey URL; empty: the server that `commentdesk up` started here.",
        _redis_url,
    )
    secret_key: str = _setting(
        "str", "", "Key for ban hashes; empty: one made and kept in the data folder."
    )
    host: str = _setting("str", "127.0.0.1", "Address the web server listens on.")
    port: int = _setting("int", 8000, "Port the web server listens on.", Range(1, 65535))
    public_url: str = _setting(
        "str", "", "Address under which people reach this service; empty: http://host:port."
    )
    log_level: str = _setting(
        "str", "info", "Least level logged.", OneOf(["debug", "info", "warning", "error"])
    )
    log_format: str = _setting("str", "text", "Shape of log lines.", OneOf(["text", "json"]))
    web_threads: int = _setting(
        "int", 160, "Threads that answer requests, one request each.", Range(2, 1024)
    )
    waiters_max: int = _setting(
        "int", 64, "Requests that may wait for a decision at once; more get 202.", Range(0, 1000)
    )
    intake_max_requests: int = _setting(
        "int", 64, "Submissions that may wait to be stored at once; more get 503.", Range(1, 1000)
    )
    backlog_max_comments: int = _setting(
        "int",
        200_000,
        "Comments that may wait for a score; beyond that, submissions get 503.",
        Range(100, 100_000_000),
    )
    disk_free_min_bytes: int = _setting(
        "int",
        67_108_864,
        "Least free space for SQLite, bytes; below it, `/readyz` answers 503 and names it.",
        Range(0, 1_099_511_627_776),
    )
    wait_max_s: float = _setting(
        "float", 10.0, "Longest wait that `Prefer: wait` can ask for, seconds.", Range(0, 60)
    )
    request_max_bytes: int = _setting(
        "int", 8_388_608, "Largest request body, bytes.", Range(1024, 1_073_741_824)
    )
    comment_max_chars: int = _setting(
        "int", 65_525, "Longest comment text, characters.", Range(1, 1_000_000)
    )
    batch_max_comments: int = _setting(
        "int", 1000, "Most comments in one batch request.", Range(1, 10_000)
    )
    rate_limit_per_key: str = _setting(
        "str", "500/second", "Requests one API key may make, such as 100/second; or off.", _rate
    )
    trusted_proxies: int = _setting(
        "int", 0, "Proxies in front whose X-Forwarded-For and -Proto are believed.", Range(0, 10)
    )
    login_rate_limit: str = _setting(
        "str", "10/minute", "Tries to log in from one address, and for one account; or off.", _rate
    )
    session_max_age_h: int = _setting(
        "int", 12, "Hours after which a moderator logs in again.", Range(1, 720)
    )
    idempotency_ttl_h: int = _setting(
        "int", 24, "Hours for which an Idempotency-Key is remembered.", Range(1, 720)
    )
    decide_within_s: float = _setting(
        "float",
        30.0,
        "Seconds after which an unscored comment is held (or passed).",
        Range(1, 3600),
    )
    lease_s: float = _setting(
        "float",
        10.0,
        "Seconds a worker may hold comments; at most half of COMMENTDESK_DECIDE_WITHIN_S counts.",
        Range(1, 600),
    )
    score_attempts_max: int = _setting(
        "int", 3, "Tries to score one comment before it is held as a fault.", Range(1, 20)
    )
    drain_batch_comments: int = _setting(
        "int", 64, "Comments a worker claims and scores at once.", Range(1, 1000)
    )
    watchdog_s: float = _setting(
        "float", 60.0, "Seconds without progress after which a worker ends itself.", Range(5, 3600)
    )
    model: str = _setting(
        "str",
        "",
        "Folder of the model to serve, named as decisions name the model; empty: the one shipped.",
    )
    second_stage: str = _setting(
        "str", "", "Folder of a second stage that reads suspicious comments again; empty: none."
    )
    sweep_interval_s: float = _setting(
        "float", 1.0, "Seconds between two looks of the sweeper.", Range(0.05, 60)
    )
    callback_timeout_s: float = _setting(
        "float", 20.0, "Seconds a site may take to answer a callback.", Range(0.1, 120)
    )
    callback_schedule_s: tuple[float, ...] = _setting(
        "list",
        (0.0, 5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 50400.0, 72000.0, 86400.0),
        "Seconds before each try of a callback, comma-separated; the first number only counts as a "
        "try, which is made at once; after the last it is dead.",
        _schedule,
    )
    callback_threads: int = _setting(
        "int", 8, "Callbacks sent at once by one sweeper.", Range(1, 64)
    )
    comment_retention_days: int = _setting(
        "int", 730, "Days after which a comment's text is erased; 0: never.", Range(0, 36500)
    )
    author_retention_days: int = _setting(
        "int",
        90,
        "Days after which e-mail, address and user agent are erased; 0: never.",
        Range(0, 36500),
    )

    demo: bool = _setting("bool", False, "Whether the demo site is served at /demo/.")

    @classmethod
    def load(cls, **overrides: Any) -> "Settings":
        """The settings of this process's environment; `overrides` win (None counts as absent)."""
        _refuse_unknown(cls, os.environ)
        _drop_empty(os.environ)
        env = FileAwareEnv(prefix=PREFIX, strip_whitespace=True)
        try:
            values = {field.name: _read(env, field) for field in dataclasses.fields(cls)}
        except (EnvError, ValueError) as error:
            raise SettingsError(_sentence(error)) from error
        values.update({name: value for name, value in overrides.items() if value is not None})
        return cls(**values)

    @property
    def sqlite_path(self) -> Path:
        """Where the embedded default keeps its database."""
        return self.data / "commentdesk.db"

    @property
    def resolved_database_url(self) -> str:
        """The database's URL, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{quote(str(self.sqlite_path.absolute()))}"

    @property
    def resolved_lease_s(self) -> float:
        """The lease in force: what one worker drops, another takes up before it counts as late."""
        return min(self.lease_s, self.decide_within_s / 2)

    @property
    def resolved_public_url(self) -> str:
        """The service's own address, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def _read(env: FileAwareEnv, field: "dataclasses.Field[Any]") -> Any:
    check = field.metadata["check"]
    kind = field.metadata["kind"]
    extra = {"subcast": float} if kind == "list" else {}
    parse = getattr(env, kind)
    validate = [check] if check else []
    value = parse(field.name.upper(), field.default, validate=validate, **extra)
    return tuple(value) if kind == "list" else value


def _drop_empty(environ: MutableMapping[str, str]) -> None:
    # Compose and scripts set what nobody has given to nothing: that is unset, whatever its kind.
    empty = [name for name, text in environ.items() if name.startswith(PREFIX) and not text.strip()]
    for name in empty:
        del environ[name]


def _refuse_unknown(cls: type[Settings], environ: Mapping[str, str]) -> None:
    known = {PREFIX + field.name.upper() for field in dataclasses.fields(cls)}
    known |= {name + "_FILE" for name in known}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(
            f"There is no setting {unknown[0]}; docs/reference/settings.md lists those there are."
        )


def _sentence(error: Exception) -> str:
    said = str(error).replace('Environment variable "', 'The setting "')
    return said.replace("invalid: ['", "invalid: ").removesuffix("']")
