"""What is committed holds for every machine: no path of one, no address of a package registry."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent.parent
# Written with brackets so that this file does not find itself.
FORBIDDEN = re.compile(
    rb"(?<![\w.~}])/(?:work|root|home/[a-z]|tmp/[a-z])[/\w]"
    rb"|pypi[.]org|pythonhosted[.]org|registry[.]npmjs|deb[.]debian|npmjs[.]com|ghcr[.]io"
)
# Third-party files are kept as they were published.
VENDORED = "service/ui/static/vendor/"
BINARY_MAX_BYTES = 20_000_000


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in done.stdout.decode().split("\0") if name]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Every tracked file that is there, with its content."""
    return {name: (ROOT / name).read_bytes() for name in tracked() if (ROOT / name).is_file()}


def test_no_file_names_a_machine_or_a_registry(files: dict[str, bytes]) -> None:
    found = {
        name: match.group().decode()
        for name, content in files.items()
        if not name.startswith(VENDORED) and (match := FORBIDDEN.search(content))
    }

    assert found == {}


@pytest.mark.parametrize("text", [b"see /%s/main" % b"work", b"https://py%s/simple" % b"pi.org"])
def test_search_finds_what_it_looks_for(text: bytes) -> None:
    assert FORBIDDEN.search(text)


def test_requirements_are_all_hashed_and_name_no_index(files: dict[str, bytes]) -> None:
    for name in ("run", "second-stage", "dev"):
        text = files[f"requirements/{name}.txt"].decode()
        pins = re.findall(r"^[A-Za-z0-9._-]+==\S+", text, re.MULTILINE)
        blocks = re.findall(r"^[A-Za-z0-9._-]+==.*\\\n +--hash=sha256:", text, re.MULTILINE)
        assert len(pins) == len(blocks) > 50
        assert "://" not in text


def test_requirements_agree_with_each_other(files: dict[str, bytes]) -> None:
    run, second, dev = (
        set(re.findall(r"^\S+==\S+", files[f"requirements/{name}.txt"].decode(), re.MULTILINE))
        for name in ("run", "second-stage", "dev")
    )

    assert run < second < dev


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("run", ["build", "postgresql"]),
        ("second-stage", ["build", "postgresql", "second-stage"]),
        ("dev", ["build", "dev"]),
    ],
)
def test_requirements_hold_what_the_project_declares(name: str, wanted: list[str]) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = declared["dependency-groups"] | declared["project"]["optional-dependencies"]
    lines = [
        *declared["project"]["dependencies"],
        *(line for group in wanted for line in groups[group]),
    ]
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pins = dict(re.findall(r"^([a-z0-9._-]+)==([\w.]+)", text, re.MULTILINE))

    needs = [Requirement(line) for line in lines if isinstance(line, str)]

    unmet = {str(need) for need in needs if pins.get(need.name.lower(), "0") not in need.specifier}
    assert unmet == set(), "Run `make lock`."


def test_no_file_is_too_large_for_a_clone(files: dict[str, bytes]) -> None:
    assert {name for name, content in files.items() if len(content) > BINARY_MAX_BYTES} == set()


def test_each_lint_or_type_ignore_says_why(files: dict[str, bytes]) -> None:
    ignore = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(?P<rest>.*)$", re.MULTILINE)
    reason = re.compile(r"(?:\[[\w, -]+\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)\s+(?:[-–—#]\s*)+\w.{3,}")
    bare = [
        f"{name}: {match.group()}"
        for name, content in files.items()
        if name.endswith(".py")
        for match in ignore.finditer(content.decode())
        if not reason.match(match["rest"].strip())
    ]

    assert bare == []
