"""The worker's verdicts, and scoring without a service."""

import dataclasses
import io
import json
import os
import sys
import threading
from pathlib import Path

import pytest

from models.judgement import Judgement
from models.outputs import LABELS
from models.registry import newest
from service.domain.decision import Outcome
from service.domain.errors import Invalid, SettingsError
from service.domain.policy import NOTHING_FOUND, Policy
from service.settings import Settings
from tests.conftest import ROOT
from tests.factories import DOUBT, PLAIN, SPAM, a_submission
from tests.fakes import FakeScorer
from tests.processes import wait_for
from worker import scorelines, wiring
from worker.scoring import verdict_of, with_explanation

CLEAN = dict.fromkeys(LABELS, 0.0)

pytestmark = pytest.mark.usefixtures("spam_is_rejected")


def the_verdict(body: str, *, banned: bool = False, policy: Policy | None = None) -> object:
    scorer = FakeScorer()
    submission = a_submission(body)
    [judgement] = scorer.score([submission])  # type: ignore[list-item]  # the fake reads `body` alone
    verdict = verdict_of(policy or Policy(), submission, judgement, scorer.version, banned=banned)
    return with_explanation(scorer, submission, verdict)  # type: ignore[arg-type]  # a fake


def test_an_approval_says_that_nothing_was_found() -> None:
    assert the_verdict(PLAIN).reasons == (NOTHING_FOUND,)  # type: ignore[attr-defined]  # Verdict


def test_a_reason_has_the_score_the_models_words_and_its_passage() -> None:
    [reason] = the_verdict(SPAM).reasons  # type: ignore[attr-defined]  # Verdict
    assert reason.text == "Looks like spam (100%, rejected from 90%). By its mark."
    assert SPAM[reason.spans[0].start : reason.spans[0].end] == "SPAM"


def test_only_scores_that_reach_a_threshold_are_explained() -> None:
    verdict = the_verdict(DOUBT, banned=True)
    assert [reason.code for reason in verdict.reasons] == ["banned_author", "spam"]  # type: ignore[attr-defined]  # Verdict


@pytest.mark.parametrize(
    ("flag", "owed"),
    [("unfamiliar_slur", True), ("unfamiliar_abuse", True), ("unfamiliar_text", False)],
)
def test_what_a_list_found_is_to_be_quoted(flag: str, owed: bool) -> None:
    verdict = verdict_of(Policy(), a_submission(), Judgement(CLEAN, (flag,)), "m", banned=False)
    assert verdict.outcome is Outcome.HOLD
    assert verdict.explanation_owed is owed


def test_a_text_is_scored_for_a_person() -> None:
    shown = scorelines.one(FakeScorer(), SPAM, as_json=False)  # type: ignore[arg-type]  # a fake
    assert shown.startswith("reject  (model fake-1)")
    assert "spam: Looks like spam" in shown


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(Invalid):
        scorelines.one(FakeScorer(), "  ", as_json=False)  # type: ignore[arg-type]  # a fake


def test_a_stream_is_answered_line_by_line_in_order_and_errors_stay_in_their_place() -> None:
    lines = [
        json.dumps({"body": PLAIN}),
        "not json",
        json.dumps({"body": SPAM, "author": {"name": "Bob"}}),
        json.dumps({"body": ""}),
        json.dumps({"body": DOUBT, "form": {"honeypot": 7}}),
        "[" * 100_000,
    ]
    out = io.StringIO()
    stream = io.BytesIO("\n".join(lines).encode())
    scorelines.stream(FakeScorer(), stream, out)  # type: ignore[arg-type]  # a fake
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    outcomes = [answer.get("outcome") for answer in answers]
    assert outcomes == ["approve", None, "reject", None, None, None]
    assert [answer.get("line") for answer in answers] == [None, 2, None, 4, 5, 6]


def test_a_line_may_carry_the_optional_fields_of_the_api_and_fields_of_its_own() -> None:
    line = {"body": PLAIN, "external_id": "c-1", "form": {"honeypot": "x"}, "label": 1}
    out = io.StringIO()
    scorelines.stream(FakeScorer(), io.BytesIO(json.dumps(line).encode()), out)  # type: ignore[arg-type]  # a fake
    answer = json.loads(out.getvalue())
    assert (answer["external_id"], answer["outcome"]) == ("c-1", "reject")


def test_a_slow_stream_is_answered_as_it_comes() -> None:
    out = io.StringIO()
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as source, os.fdopen(writer, "wb", buffering=0) as feed:
        thread = threading.Thread(target=scorelines.stream, args=(FakeScorer(), source, out))
        thread.start()
        feed.write(json.dumps({"body": PLAIN}).encode() + b"\n")
        wait_for(out.getvalue, "the first line is answered before the second comes")
        feed.close()
        thread.join()
    assert json.loads(out.getvalue())["outcome"] == "approve"


def test_a_stream_is_scored_in_batches() -> None:
    scorer = FakeScorer()
    lines = (json.dumps({"body": PLAIN}) + "\n") * 130
    scorelines.stream(scorer, io.BytesIO(lines.encode()), io.StringIO())  # type: ignore[arg-type]  # a fake
    assert scorer.batches == [64, 64, 2]


@pytest.mark.parametrize("name", ["model", "second_stage"])
def test_a_folder_that_is_not_there_is_named(name: str) -> None:
    settings = dataclasses.replace(Settings(), **{name: "nowhere/at/all"})
    with pytest.raises(SettingsError, match=f"COMMENTDESK_{name.upper()} names .* no folder"):
        wiring.load_scorer(settings)


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not a model folder"):
        wiring.load_scorer(dataclasses.replace(Settings(), model=str(tmp_path)))


def test_a_missing_runtime_of_the_second_stage_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    folder = newest(ROOT / "second_stage")
    with pytest.raises(SettingsError, match="needs onnxruntime: run `make second`"):
        wiring.load_scorer(dataclasses.replace(Settings(), second_stage=str(folder)))


def test_a_job_outside_of_a_worker_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "_benches", [])
    with pytest.raises(SettingsError, match="commentdesk worker"):
        wiring.bench()
