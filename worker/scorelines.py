"""Scoring without a service: one text for a person, or JSON lines for a script."""

import json
from collections.abc import Iterator
from io import BufferedIOBase
from itertools import count
from typing import Any, TextIO

from models.predict import Scorer
from service.api.loading import load
from service.api.schemas import LineIn
from service.domain.comment import Article, Submission
from service.domain.decision import Verdict
from service.domain.errors import Invalid
from service.domain.policy import Policy
from service.moderation.rendering import reasons_json
from worker.scoring import document_of, verdict_of, with_explanation

BATCH_LINES = 64
READ_BYTES = 1 << 20
_LINE = LineIn()


def one(scorer: Scorer, text: str, *, as_json: bool) -> str:
    """The verdict on one text, in words or as JSON."""
    if not text.strip():
        raise Invalid("The text is empty; there is nothing to score.")
    submission = Submission(body=text, article=Article(id="score"))
    [verdict] = _verdicts(scorer, [submission])
    return json.dumps(_verdict_json(verdict)) if as_json else _in_words(verdict)


def stream(scorer: Scorer, source: BufferedIOBase, out: TextIO) -> None:
    """One answer a line, in order; a line that cannot be read is answered with its error.

    What has come in is answered at once, in batches, so that a slow source need not fill one.
    """
    numbers = count(1)
    for lines in _arrived(source):
        for start in range(0, len(lines), BATCH_LINES):
            batch = [(next(numbers), line) for line in lines[start : start + BATCH_LINES]]
            out.writelines(json.dumps(answer) + "\n" for answer in _answers(scorer, batch))
        out.flush()


def _arrived(source: BufferedIOBase) -> Iterator[list[bytes]]:
    """Whole lines, as many as a read brought; the last line may lack its end."""
    rest: list[bytes] = []
    while chunk := source.read1(READ_BYTES):
        *lines, last = chunk.split(b"\n")
        if lines:
            lines[0] = b"".join([*rest, lines[0]])
            rest = []
            yield lines
        rest.append(last)
    if any(rest):
        yield [b"".join(rest)]


def _answers(scorer: Scorer, batch: list[tuple[int, bytes]]) -> Iterator[dict[str, Any]]:
    parsed = [_parsed(number, line) for number, line in batch]
    verdicts = iter(_verdicts(scorer, [p for p in parsed if isinstance(p, Submission)]))
    for item in parsed:
        if isinstance(item, Submission):
            yield _named(item, _verdict_json(next(verdicts)))
        else:
            yield item


def _named(submission: Submission, answer: dict[str, Any]) -> dict[str, Any]:
    named = {"external_id": submission.external_id} if submission.external_id else {}
    return {**named, **answer}


def _parsed(number: int, line: bytes) -> Submission | dict[str, Any]:
    try:
        submission: Submission = load(_LINE, json.loads(line))
    except Invalid as error:
        return {"error": error.detail, "line": number}
    except (ValueError, RecursionError):
        return {"error": "This line is not valid JSON.", "line": number}
    return submission


def _verdicts(scorer: Scorer, submissions: list[Submission]) -> list[Verdict]:
    policy = Policy()
    judgements = scorer.score([document_of(submission) for submission in submissions])
    return [
        with_explanation(
            scorer,
            submission,
            verdict_of(policy, submission, judgement, scorer.version, banned=False),
        )
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
