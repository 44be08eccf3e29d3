"""Scoring without a service: one text for a person, or JSON lines for a script."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO, TextIO

from models.predict import Scorer

from service.api.loading import load
from service.api.schemas import DraftIn
from service.domain.comment import Article, Submission
from service.domain.decision import Verdict
from service.domain.errors import Invalid
from service.domain.policy import Policy
from service.moderation.rendering import reasons_json
from worker.scoring import document_of, verdict_on

BATCH_LINES = 64


def one(scorer: Scorer, text: str, *, as_json: bool) -> str:
    """The verdict on one text, in words or as JSON."""
    if not text.strip():
        raise Invalid("The text is empty; there is nothing to score.")
    submission = Submission(body=text, article=Article(id="score"))
    [verdict] = _verdicts(scorer, [submission])
    return json.dumps(_verdict_json(verdict)) if as_json else _in_words(verdict)


def stream(scorer: Scorer, lines: BinaryIO, out: TextIO) -> None:
    """One answer a line, in order; a line that cannot be read is answered with its error."""
    numbered = enumerate(lines, start=1)
    while batch := list(islice(numbered, BATCH_LINES)):
        out.writelines(json.dumps(answer) + "\n" for answer in _answers(scorer, batch))
        out.flush()


def _answers(scorer: Scorer, batch: list[tuple[int, bytes]]) -> Iterator[dict[str, Any]]:
    parsed = [_parsed(number, line) for number, line in batch]
    verdicts = iter(_verdicts(scorer, [p for p in parsed if isinstance(p, Submission)]))
    for item in parsed:
        yield _verdict_json(next(verdicts)) if isinstance(item, Submission) else item


def _parsed(number: int, line: bytes) -> Submission | dict[str, Any]:
    try:
        submission: Submission = load(DraftIn(), json.loads(line))
    except Invalid as error:
        return {"error": error.detail, "line": number}
    except (ValueError, RecursionError):
        return {"error": "This line is not valid JSON.", "line": number}
    return submission


def _verdicts(scorer: Scorer, submissions: list[Submission]) -> list[Verdict]:
    policy = Policy()
    judgements = scorer.score([document_of(submission) for submission in submissions])
    return [
        verdict_on(scorer, policy, submission, judgement, banned=False)
        for submission, judgement in zip(submissions, judgements, strict=True)
    ]


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.value,
        "scores": dict(verdict.scores),
        "reasons": reasons_json(verdict.reasons),
        "model_version": verdict.model_version,
    }


def _in_words(verdict: Verdict) -> str:
    scores = "\n".join(f"  {name:16} {score:.3f}" for name, score in verdict.scores.items())
    reasons = "\n".join(f"  {reason.code}: {reason.text}" for reason in verdict.reasons)
    return f"{verdict.outcome.value}  (model {verdict.model_version})\n{scores}\n{reasons}"
