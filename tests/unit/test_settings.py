"""Settings come from the environment, typed and checked, or stop the start with one sentence."""

import dataclasses
from pathlib import Path

import pytest
from sqlalchemy import make_url

from service.domain.errors import SettingsError
from service.settings import Settings


def refusal(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    return caught.value.detail


def test_nothing_set_means_the_defaults() -> None:
    assert Settings.load() == Settings()


def test_environment_is_read_with_its_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTDESK_PORT", "9000")
    monkeypatch.setenv("COMMENTDESK_DATA", "/srv/desk")
    monkeypatch.setenv("COMMENTDESK_DECIDE_WITHIN_S", "1.5")
    monkeypatch.setenv("COMMENTDESK_CALLBACK_SCHEDULE_S", "0, 0.5, 2")

    settings = Settings.load()

    assert settings.port == 9000
    assert settings.data == Path("/srv/desk")
    assert settings.decide_within_s == 1.5
    assert settings.callback_schedule_s == (0.0, 0.5, 2.0)


def test_empty_means_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in dataclasses.fields(Settings):
        monkeypatch.setenv(f"COMMENTDESK_{field.name.upper()}", "")
        monkeypatch.setenv(f"COMMENTDESK_{field.name.upper()}_FILE", " ")

    assert Settings.load() == Settings()


def test_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTDESK_PORT", "9000")

    assert Settings.load(port=9001, data=None).port == 9001


def test_secret_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv("COMMENTDESK_SECRET_KEY_FILE", str(tmp_path / "secret"))

    assert Settings.load().secret_key == "hush"


def test_unknown_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = refusal("COMMENTDESK_PROT", "1", monkeypatch)

    assert sentence == (
        "There is no setting COMMENTDESK_PROT; docs/reference/settings.md lists those there are."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMMENTDESK_PORT", "0"),
        ("COMMENTDESK_PORT", "web"),
        ("COMMENTDESK_LOG_LEVEL", "loud"),
        ("COMMENTDESK_RATE_LIMIT_PER_KEY", "often"),
        ("COMMENTDESK_WAIT_MAX_S", "61"),
        ("COMMENTDESK_CALLBACK_SCHEDULE_S", "soon,later"),
        ("COMMENTDESK_SECRET_KEY_FILE", "/nowhere/secret"),
        ("COMMENTDESK_DATABASE_URL", "foo"),
        ("COMMENTDESK_DATABASE_URL", "oracle://db/name"),
        ("COMMENTDESK_REDIS_URL", "foo"),
        ("COMMENTDESK_REDIS_URL", "redis://queue:port/0"),
    ],
)
def test_bad_value_is_named_in_one_sentence(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = refusal(name, value, monkeypatch)

    assert name.removesuffix("_FILE") in sentence or value in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("rate", ["off", "100/second", "5000/hour"])
def test_rate_limit_can_be_a_rate_or_off(rate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTDESK_RATE_LIMIT_PER_KEY", rate)

    assert Settings.load().rate_limit_per_key == rate


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]  # the very thing that must fail


def test_database_is_sqlite_in_the_data_folder_by_default(tmp_path: Path) -> None:
    assert Settings(data=tmp_path).resolved_database_url == f"sqlite:///{tmp_path}/commentdesk.db"


def test_folder_of_any_name_has_an_address_that_leads_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "my data é #1 50%25?"

    url = make_url(Settings(data=folder).resolved_database_url)

    assert url.database == str(folder / "commentdesk.db")


def test_given_database_is_used() -> None:
    url = "postgresql://desk@db/desk"

    assert Settings(database_url=url).resolved_database_url == url


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (Settings(port=9000), "http://127.0.0.1:9000"),
        (Settings(public_url="https://desk.example/"), "https://desk.example"),
    ],
)
def test_public_address_has_no_trailing_slash(settings: Settings, address: str) -> None:
    assert settings.resolved_public_url == address


def test_each_setting_says_what_it_is_and_its_default_is_valid() -> None:
    for field in dataclasses.fields(Settings):
        assert field.metadata["doc"].endswith((".", "…")), field.name
        check = field.metadata["check"]
        if check is not None:
            check(field.default)
