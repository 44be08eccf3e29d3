"""The commands as ops type them."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service import installation
from service.cli import cli
from service.domain.decision import Outcome
from service.domain.errors import CommentdeskError, Invalid
from service.domain.site import Moderator, Site
from service.moderation.desk import Desk
from service.moderation.review import review
from service.moderation.sign_in import sign_in
from tests.factories import DOUBT, SPAM, a_comment, a_site, drain

Run = Callable[..., Result]


@pytest.fixture
def run(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command on the desk's own database and Redis."""
    monkeypatch.setenv("COMMENTDESK_DATABASE_URL", desk.settings.database_url)
    monkeypatch.setenv("COMMENTDESK_REDIS_URL", desk.settings.redis_url)
    monkeypatch.setenv("COMMENTDESK_DATA", str(tmp_path))
    monkeypatch.setenv("COMMENTDESK_SECRET_KEY", desk.secret_key)

    def command(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(cli, arguments, input=stdin)

    return command


def the_json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_site_is_created_with_all_that_a_script_needs(run: Run) -> None:
    made = the_json(run("site", "create", "The Harbour News", "--json"))
    assert set(made) == {"site_id", "api_key", "webhook_secret"}
    [listed] = the_json(run("site", "list", "--json"))
    assert (listed["site_id"], listed["name"]) == (made["site_id"], "The Harbour News")


def test_keys_and_secrets_are_rotated(run: Run) -> None:
    made = the_json(run("site", "create", "News", "--json"))
    key = the_json(run("site", "rotate-key", made["site_id"], "--json"))["api_key"]
    secret = the_json(run("site", "rotate-secret", made["site_id"], "--json"))["webhook_secret"]
    assert key != made["api_key"]
    assert secret != made["webhook_secret"]


def test_hours_that_are_no_number_are_refused(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    assert run("site", "rotate-key", site_id, "--keep-old-h", "nan").exit_code == 2


def test_a_webhook_is_set_and_taken_away(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    url = "http://127.0.0.1:1/hook"
    assert isinstance(run("site", "set-webhook", site_id, url).exception, CommentdeskError)
    run("site", "set-webhook", site_id, url, "--allow-private")
    assert the_json(run("site", "list", "--json"))[0]["webhook"] == url
    run("site", "set-webhook", site_id, "none")
    assert the_json(run("site", "list", "--json"))[0]["webhook"] is None


def test_a_policy_is_shown_changed_and_numbered(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    policy = the_json(run("site", "policy", site_id))
    assert policy["version"] == 1
    policy["links_hold"] = 1
    changed = the_json(run("site", "policy", site_id, "--set", "-", stdin=json.dumps(policy)))
    assert (changed["version"], changed["links_hold"]) == (2, 1)


def test_a_part_of_a_policy_changes_that_part_alone(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    before = the_json(run("site", "policy", site_id))
    part = '{"thresholds": {"spam": {"hold": 0.5}}}'
    after = the_json(run("site", "policy", site_id, "--set", "-", stdin=part))
    before["thresholds"]["spam"]["hold"] = 0.5
    assert after == before | {"version": 2}


def test_a_policy_may_begin_with_a_byte_order_mark(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    part = '\ufeff{"links_hold": 2}'
    assert the_json(run("site", "policy", site_id, "--set", "-", stdin=part))["links_hold"] == 2


def test_what_is_no_json_object_is_no_policy(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    for text in ("[" * 100_000, "[]", "null"):
        result = run("site", "policy", site_id, "--set", "-", stdin=text)
        assert isinstance(result.exception, CommentdeskError)
        assert "This is no policy" in str(result.exception)


def test_a_site_goes_back_to_the_default_policy(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    before = the_json(run("site", "policy", site_id))
    run("site", "policy", site_id, "--set", "-", stdin='{"links_hold": null}')
    assert the_json(run("site", "policy", site_id, "--default")) == before | {"version": 3}
    assert run("site", "policy", site_id, "--default", "--set", "-", stdin="{}").exit_code == 2


def test_a_policy_is_tried_and_nothing_is_changed(run: Run, desk: Desk) -> None:
    site = a_site(desk)
    good, bad = (a_comment(desk, site, f"{DOUBT} {number}") for number in range(2))
    a_comment(desk, site, DOUBT)
    drain(desk)
    for comment, outcome in ((good, Outcome.APPROVE), (bad, Outcome.REJECT)):
        review(desk, Moderator(site.id, "kim"), comment, 1, outcome)
    # The desk's clock stands still, the command's does not.
    command = ("site", "try-policy", str(site.id), "-", "--days", "36500")
    lenient = '{"thresholds": {"spam": {"hold": 0.7}}}'
    said = run(*command, stdin=lenient).output.splitlines()
    assert said == [
        "Comments with scores, last 36500 days: 3.",
        "            approved      held  rejected",
        "in force           0         3         0",
        "tried              3         0         0",
        "Moderators approved 1 and rejected 1, 33.33% of all.",
        (
            "Held in force, approved if tried: 3. "
            "Moderators decided 2 of these and rejected 1 (50.00%)."
        ),
        "Nothing was changed.",
    ]
    facts = the_json(run(*command, "--json", stdin=lenient))
    assert (facts["comments"], facts["models"]) == (3, {"fake-1": 3})
    assert facts["by_moderators"] == {"approve": 1, "reject": 1}
    assert facts["tried"] == {"approve": 3, "hold": 0, "reject": 0}
    assert facts["changes"][2] == {
        "from": "hold",
        "to": "approve",
        "comments": 3,
        "by_moderators": {"approve": 1, "reject": 1},
    }
    assert the_json(run("site", "policy", str(site.id)))["version"] == site.policy.version


def test_a_policy_is_tried_on_nothing(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    said = run("site", "try-policy", site_id, "-", "--days", "0.5", stdin="{}").output
    assert said == "Comments with scores, last 0.5 days: 0.\nNothing was changed.\n"


def test_an_author_is_banned_and_the_ban_is_lifted(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    assert run("site", "ban", site_id, "email", "a@b.example").exit_code == 0
    assert run("site", "unban", site_id, "email", "A@B.example ").exit_code == 0
    again = run("site", "unban", site_id, "email", "a@b.example")
    assert isinstance(again.exception, CommentdeskError)


def test_what_no_author_can_have_is_not_banned(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    assert isinstance(run("site", "ban", site_id, "email", "\udcff@x").exception, Invalid)


def test_what_cannot_be_scored_is_held_or_passed_as_told(run: Run) -> None:
    site_id = the_json(run("site", "create", "News", "--json"))["site_id"]
    run("site", "when-unscored", site_id, "approve")
    assert the_json(run("site", "list", "--json"))[0]["when_unscored"] == "approve"
    assert run("site", "when-unscored", site_id, "reject").exit_code == 2


def test_users_are_created_listed_changed_and_closed(run: Run) -> None:
    made = the_json(run("user", "create", "kim", "--json"))
    assert len(made["password"]) >= 10
    assert "Changed" in run("user", "set-password", "kim", "--password-stdin",
                            stdin="another password\n").output  # fmt: skip
    run("user", "disable", "kim")
    [listed] = the_json(run("user", "list", "--json"))
    assert (listed["login"], listed["disabled"], listed["sites"]) == ("kim", True, "all")


def test_blanks_around_a_login_and_the_end_of_a_line_do_not_count(run: Run, desk: Desk) -> None:
    assert the_json(run("user", "create", "  kim ", "--json"))["login"] == "kim"
    run("user", "set-password", " kim", "--password-stdin", stdin="another password\r\n")
    assert sign_in(desk, "kim", "another password", "192.0.2.1").moderator.login == "kim"
    assert run("user", "disable", "kim ").output == "kim can log in no more.\n"


@pytest.mark.parametrize("arguments", [
    ("site", "rotate-key", "01a20fd3-ac17-7247-a827-541598bd482a"),
    ("site", "policy", "01a20fd3-ac17-7247-a827-541598bd482a"),
    ("user", "disable", "nobody"),
    ("deliveries", "replay"),
])  # fmt: skip
def test_a_mistake_is_one_sentence(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert isinstance(result.exception, CommentdeskError)


def test_given_up_callbacks_are_listed_and_replayed(run: Run, desk: Desk) -> None:
    site = a_site(desk, webhook="http://127.0.0.1:1/hook")
    a_comment(desk, site, SPAM)
    drain(desk)
    with desk.storage.write() as work:
        work.deliveries.bury_pending(site.id, "The endpoint is gone.")
    [dead] = the_json(run("deliveries", "list", "--state", "dead", "--json"))
    assert dead["last_error"] == "The endpoint is gone."
    assert "1 will be sent again" in run("deliveries", "replay", "--dead").output
    assert the_json(run("deliveries", "list", "--state", "dead", "--json")) == []


def a_dead_callback(desk: Desk) -> Site:
    site = a_site(desk, webhook="http://127.0.0.1:1/hook")
    a_comment(desk, site, SPAM)
    drain(desk)
    with desk.storage.write() as work:
        work.deliveries.bury_pending(site.id, "The endpoint is gone.")
    return site


def test_given_up_callbacks_are_dropped_all_or_by_name(run: Run, desk: Desk) -> None:
    site, other = a_dead_callback(desk), a_dead_callback(desk)
    assert "1 that had" in run("deliveries", "drop", "--dead", "--site", str(other.id)).output
    [dead] = the_json(run("deliveries", "list", "--json"))
    assert dead["site_id"] == str(site.id)
    assert "1 that had" in run("deliveries", "drop", dead["id"]).output
    assert the_json(run("deliveries", "list", "--json")) == []


def test_a_callback_that_is_still_owed_is_not_dropped(run: Run, desk: Desk) -> None:
    site = a_site(desk, webhook="http://127.0.0.1:1/hook")
    a_comment(desk, site, SPAM)
    drain(desk)
    [owed] = the_json(run("deliveries", "list", "--json"))
    assert "0 that had" in run("deliveries", "drop", owed["id"]).output
    assert isinstance(run("deliveries", "drop").exception, CommentdeskError)


def callbacks_check(run: Run) -> Any:
    checks = json.loads(run("doctor", "--json").stdout)
    return next(check for check in checks if check["name"] == "callbacks")


def test_the_doctor_counts_callbacks_of_sites_that_take_them(run: Run, desk: Desk) -> None:
    site = a_dead_callback(desk)
    assert callbacks_check(run)["detail"].startswith("1 were given up")
    run("site", "set-webhook", str(site.id), "none")
    assert callbacks_check(run)["ok"]


@pytest.mark.parametrize("process", ["worker", "sweep"])
def test_a_process_is_alive_as_long_as_it_says_so(run: Run, tmp_path: Path, process: str) -> None:
    assert run("alive", process).exit_code == 1
    installation.beat(tmp_path, process)
    assert run("alive", process).exit_code == 0
    long_ago = time.time() - installation.BEAT_SEEN_S
    os.utime(tmp_path / f"{process}.alive", (long_ago, long_ago))
    assert run("alive", process).exit_code == 1


def test_the_doctor_says_what_is_missing_and_what_to_do(run: Run) -> None:
    result = run("doctor")
    assert result.exit_code == 1
    assert "commentdesk worker" in result.output
    assert "commentdesk site create" in result.output


def test_the_doctor_finds_nothing_when_all_is_well(run: Run, desk: Desk) -> None:
    a_site(desk)
    desk.handover.beat("w1", "2026.11.1")
    result = run("doctor", "--json")
    assert result.exit_code == 0, result.output
    assert all(check["ok"] for check in json.loads(result.stdout))


def test_what_a_command_makes_is_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COMMENTDESK_DATA", str(tmp_path / "data"))
    assert CliRunner().invoke(cli, ["db", "upgrade"]).exit_code == 0
    made = [tmp_path / "data", *(tmp_path / "data").iterdir()]
    assert {
        path.name: path.stat().st_mode & 0o077 for path in made if path.stat().st_mode & 0o077
    } == {}


def test_the_database_is_upgraded_twice_without_harm(run: Run) -> None:
    assert run("db", "upgrade").output == run("db", "upgrade").output


def test_a_text_is_scored_by_the_shipped_model(run: Run) -> None:
    scored = the_json(run("score", "You are a stupid idiot and everybody hates you", "--json"))
    assert scored["outcome"] in ("hold", "reject")
    assert scored["scores"]["insult"] > 0.5


def test_score_wants_a_text_or_a_stream(run: Run) -> None:
    assert run("score").exit_code == 2
