"""docker-compose.yml follows the Compose specification and says what our processes need."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema

from service.cli import COMMANDS
from service.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("migrate", "web", "worker", "sweeper")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_file_follows_the_compose_specification(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, get_builtin_schema("vendor.compose-spec"))


def test_schema_refuses_a_misspelt_key(compose: dict[str, Any]) -> None:
    wrong = {"services": {"web": compose["services"]["web"] | {"comand": ["web"]}}}

    with pytest.raises(jsonschema.ValidationError, match="comand"):
        jsonschema.validate(wrong, get_builtin_schema("vendor.compose-spec"))


@pytest.mark.parametrize("name", OURS)
def test_our_service_runs_a_command_of_ours(compose: dict[str, Any], name: str) -> None:
    assert compose["services"][name]["command"][0] in COMMANDS


@pytest.mark.parametrize("name", OURS)
def test_our_service_sets_only_settings_there_are(compose: dict[str, Any], name: str) -> None:
    known = {PREFIX + field.upper() for field in Settings.__dataclass_fields__}

    for setting in compose["services"][name]["environment"]:
        assert setting.removesuffix("_FILE") in known


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    "setting",
    ["PUBLIC_URL", "TRUSTED_PROXIES", "COMMENT_RETENTION_DAYS", "AUTHOR_RETENTION_DAYS"],
)
def test_what_operating_md_tells_to_set_reaches_our_service(
    compose: dict[str, Any], name: str, setting: str
) -> None:
    given = compose["services"][name]["environment"][PREFIX + setting]

    assert given.startswith(f"${{{PREFIX}{setting}:-")


def test_every_secret_and_volume_in_use_is_declared(compose: dict[str, Any]) -> None:
    services = compose["services"].values()
    secrets = {secret for service in services for secret in service.get("secrets", [])}
    volumes = {
        volume.split(":")[0] for service in services for volume in service.get("volumes", [])
    }

    assert secrets == set(compose["secrets"])
    assert volumes == set(compose["volumes"])


def test_secrets_read_from_files_are_mounted(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        mounted = {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}
        read = {v for k, v in service.get("environment", {}).items() if k.endswith("_FILE")}
        assert read == mounted


def test_no_password_stands_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    assert not re.search(
        r"(password|secret|key)\s*:\s*['\"]?[A-Za-z0-9+/]{8,}", text, re.IGNORECASE
    )


def test_every_running_service_has_a_healthcheck(compose: dict[str, Any]) -> None:
    running = {name for name in compose["services"] if name != "migrate"}

    assert {n for n in running if compose["services"][n].get("healthcheck")} == running


def test_image_is_built_from_the_hashed_requirements_for_a_user_without_rights() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    [install] = [line for line in lines if "requirements/${REQUIREMENTS}.txt" in line]
    assert "pip install --no-deps --require-hashes" in install
    assert "ARG REQUIREMENTS=run" in lines
    assert all("slim" in line for line in lines if line.startswith("FROM "))
    assert "USER commentdesk" in lines


def test_image_copies_only_what_the_ignore_file_lets_through() -> None:
    copied = {
        source
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    allowed = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }

    assert copied == allowed
    assert all((ROOT / source).exists() for source in copied)
