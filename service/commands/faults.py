"""What a command says of a fault that is the installation's and not the program's.

What another try may mend, such as a server that is away, ends with exit code 1, the rest with 2:
until it is ready, `commentdesk up` gives up after the second, and tries again after the first.
"""

import sqlite3

import redis
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

FAILED, MISTAKE = 1, 2
Said = tuple[str, int]

_UPGRADE = "The database lacks tables of this version: run `commentdesk db upgrade`."
# SQLite tells most of its faults apart by their words alone.
_SQLITE = {
    "is locked": ("The database is locked by another program: end that one.", FAILED),
    "is full": ("The disk that holds the database is full: make room.", FAILED),
    "disk I/O": ("The disk that holds the database fails: look at it.", FAILED),
    "readonly": ("The database may not be written to: correct its permissions.", MISTAKE),
    "unable to open": ("The database file cannot be opened: correct its folder.", MISTAKE),
    "not a database": ("The database file is no database: restore it from a copy.", MISTAKE),
    "malformed": ("The database file is damaged: restore it from a copy.", MISTAKE),
    "no such table": (_UPGRADE, MISTAKE),
    "no such column": (_UPGRADE, MISTAKE),
}
_POSTGRESQL_UNDEFINED = ("42P01", "42703")  # table, column


def said_of(error: Exception) -> Said | None:
    """One sentence and an exit code; None: a bug, whose traceback is wanted."""
    if isinstance(error, redis.RedisError):
        kind = type(error).__name__
        return f"Redis cannot be reached ({kind}): start it, or correct its address.", FAILED
    if isinstance(error, ArgumentError):
        return "COMMENTDESK_DATABASE_URL is no address of a database.", MISTAKE
    if isinstance(error, DBAPIError | sqlite3.Error):
        return _of_database(error)
    if isinstance(error, UnicodeEncodeError) and "surrogates" in error.reason:
        # Bytes of the command line that are no text in UTF-8 come in as these.
        return "What was given is not text in UTF-8.", MISTAKE
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}.", FAILED
    return None


def _of_database(error: DBAPIError | sqlite3.Error) -> Said | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return next((said for words, said in _SQLITE.items() if words in str(cause)), None)
    if getattr(cause, "sqlstate", None) in _POSTGRESQL_UNDEFINED:
        return _UPGRADE, MISTAKE
    if isinstance(error, OperationalError | InterfaceError):
        kind = type(error).__name__
        sentence = f"The database cannot be reached ({kind}): start it, or correct its address."
        return sentence, FAILED
    return None
