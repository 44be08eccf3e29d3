"""Each setting, command, route and error code is documented; reports are of the shipped model."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from docs.reference import generate
from models.registry import newest
from service.api import schemas
from service.domain import errors
from service.domain.error_codes import ERROR_CODES
from service.domain.errors import CommentdeskError, SettingsError
from service.settings import PREFIX, Settings
from tests.conftest import ROOT

REFERENCE = Path(generate.__file__).parent


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def all_errors(kind: type[CommentdeskError] = CommentdeskError) -> set[type[CommentdeskError]]:
    return {kind}.union(*(all_errors(child) for child in kind.__subclasses__()))


def test_generated_pages_are_up_to_date() -> None:
    # In a process of its own: click keeps the help option that a command was first asked with.
    command = [sys.executable, generate.__file__, "--check"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_each_setting_is_documented() -> None:
    text = page("settings.md")

    assert [
        name for name in Settings.__dataclass_fields__ if PREFIX + name.upper() not in text
    ] == []


def test_each_route_of_the_api_is_documented(app: Flask) -> None:
    text = page("api.md")
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    public = {rule for rule in rules if rule.startswith("/v1/")} | {"/healthz", "/readyz"}

    assert {rule for rule in public if re.sub(r"{\w+}", "{id}", rule) not in text} == set()


def test_each_fixed_limit_of_the_api_is_documented() -> None:
    text = page("api.md")
    limits = {value for name, value in vars(schemas).items() if name.endswith("_MAX_CHARS")}

    assert {limit for limit in limits if f"| {limit:,} |" not in text} == set()


def codes_given_in_place() -> set[str]:
    """Codes that are given where an error is raised: `Invalid("…", code="batch_too_large")`."""
    return {
        str(keyword.value.value)
        for path in (ROOT / "service").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }


def test_each_error_code_is_documented() -> None:
    documented = {error.code for error in ERROR_CODES}
    codes = {error.code for error in all_errors()} | codes_given_in_place()

    assert codes - documented == set()


def test_each_documented_status_is_the_one_given() -> None:
    statuses = {error.code: error.status for error in ERROR_CODES}
    given = {error for error in all_errors() if error is not SettingsError}

    assert {e.code for e in given if statuses[e.code] != str(e.status)} == set()


def test_error_tree_in_the_docstring_is_the_real_one() -> None:
    drawn = set(re.findall(r"^[│├└─ ]*([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE))

    assert {error.__name__ for error in all_errors()} <= drawn


@pytest.mark.parametrize("name", ["model-card", "model-report", "second-stage/model-report"])
def test_reports_are_of_the_shipped_model(name: str) -> None:
    first_line = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8").splitlines()[0]

    assert re.findall(r"\d{4}\.\d+\.\d+", first_line)[:1] == [newest().name]
