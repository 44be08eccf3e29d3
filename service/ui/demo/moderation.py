"""The two calls of commentdesk that this site makes: submit a comment, check a draft."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

TIMEOUT_S = 2.0
WAIT_FOR_DECISION_S = 0.8
OUTCOMES = ("approve", "hold", "reject")
# Answers that say the request itself is wrong; any other failure may be over in a minute.
WRONG_FOR_GOOD = frozenset({400, 413, 422})


class Unreachable(Exception):
    """commentdesk is away, busy or refuses our key: send the same again later."""


class Refused(Exception):
    """commentdesk cannot take this comment, now or later; the message says why."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in words, and which passages it is about: [start, end) in characters of the body."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do: outcome is `approve`, `hold` or `reject`; the newer has the higher sequence."""

    outcome: str
    reasons: tuple[Reason, ...] = ()
    sequence: int = 0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Decision":
        """A decision as the API and its callbacks write it; raises ValueError for anything else."""
        try:
            outcome, sequence = data["outcome"], data.get("sequence", 0)
            reasons = tuple(_reason(reason) for reason in data.get("reasons", ()))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("this is not a decision") from error
        if outcome not in OUTCOMES:
            raise ValueError(f"there is no outcome {outcome!r}")
        return cls(outcome, reasons, sequence)


def _reason(data: Mapping[str, Any]) -> Reason:
    return Reason(data["text"], tuple((s["start"], s["end"]) for s in data.get("spans", ())))


class Commentdesk:
    """A client of the API, safe to share between threads."""

    def __init__(self, api_url: str, api_key: str) -> None:
        self._url = api_url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {api_key}",
            "Content-Type": "application/json",
        }
        self._http = urllib3.PoolManager(
            maxsize=8, retries=False, timeout=urllib3.Timeout(total=TIMEOUT_S)
        )

    def submit(self, request: str, key: str) -> Decision | None:
        """Hand over a comment; its decision, or None when that will come as a callback.

        `request` is the JSON text, `key` the Idempotency-Key: sending the same pair twice is safe.
        """
        wishes = {"Prefer": f"wait={WAIT_FOR_DECISION_S}", "Idempotency-Key": key}
        answer = self._post("/v1/comments", request, wishes)
        return None if answer.get("status") == "pending" else _read(answer.get("decision"))

    def check(self, draft: Mapping[str, Any]) -> Decision:
        """What would be decided about a draft; nothing is stored."""
        return _read(self._post("/v1/check", json.dumps(draft), {}).get("decision"))

    def _post(self, path: str, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
        try:
            response = self._http.request(
                "POST", self._url + path, body=body.encode(), headers={**self._headers, **headers}
            )
            answer: dict[str, Any] = dict(json.loads(response.data))
        except (urllib3.exceptions.HTTPError, ValueError, TypeError) as error:
            raise Unreachable(f"no usable answer to POST {path}: {error}") from error
        if response.status in WRONG_FOR_GOOD:
            raise Refused(_why(answer))
        if response.status >= 300:
            raise Unreachable(f"POST {path} was answered {response.status}")
        return answer


def _read(decision: Any) -> Decision:
    try:
        return Decision.from_json(decision)
    except ValueError as error:
        raise Unreachable(f"an answer that we do not understand: {error}") from error


def _why(problem: Mapping[str, Any]) -> str:
    details = [error["detail"] for error in problem.get("errors", ())]
    return " ".join(details) or problem.get("detail", "It was not accepted.")
