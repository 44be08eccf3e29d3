"""Second step of the pipeline: features to calibrated logits of the seven scores."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin

from models.batch import Batch
from models.calibrate import sigmoid
from models.contacts import DISCOUNT
from models.denied import without_denied
from models.linear import LinearHeads
from models.network import TokenNetwork
from models.outputs import LABELS, OutputLayer
from models.second import SecondStage
from models.spam import META
from models.spam_rule import MIXES, SPAM_HEADS, TODAY, mixed_spam, routes

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

HEAD_CLIP = 9.0
"""Logits of linear part and network are kept within this before they are blended."""
TOXICITY = LABELS.index("toxicity")
PROFANITY = LABELS.index("profanity")
DENIED_FROM = math.log(0.03 / 0.97)
"""From this logit of a score of abuse on, .03, it is looked for what a comment denies: below, most
are approved as they are."""
TODAY_LOGIT_MAX = math.log(0.05 / 0.95)
"""How much what is sold now may say, a score of .05: enough to hold, since it knows only comments
that we wrote."""


class CommentClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Linear heads and the network, blended, mixed into scores and calibrated.

    Columns of the linear heads: toxicity heads, a head a foreign language, spam heads.

    Fitted attributes: `linear_`; `network_` and its share `blend_` in the toxicity heads;
    `layer_`, which mixes their logits into six scores; `languages_` with `language_slope_` and
    `language_offset_`; `spam_slope_` and `spam_offset_` (a route each), `today_slope_` and
    `today_offset_`. `second` is the second stage, where one is installed; it is no part of a model
    file.
    """

    layer_: OutputLayer
    second: SecondStage | None = None

    def __getstate__(self) -> dict[str, object]:
        state: dict[str, object] = dict(super().__getstate__())
        return {name: value for name, value in state.items() if name != "second"}

    def head_logits(self, batch: Batch) -> Singles:
        """Return the logits of all heads, network blended in, shape (documents, heads)."""
        heads: Singles = self.linear_.decision_function(batch)
        count = self._toxicity_heads
        linear = np.clip(heads[:, :count], -HEAD_CLIP, HEAD_CLIP)
        network = np.clip(self.network_.decision_function(batch.texts), -HEAD_CLIP, HEAD_CLIP)
        heads[:, :count] = self.blend_ * network + (1 - self.blend_) * linear
        return heads

    def decision_function(
        self, batch: Batch, *, again: bool = True, route: int | None = None, capped: bool = True
    ) -> Floats:
        """Return calibrated logits, shape (documents, seven); columns as LABELS.

        Unless `again`, the first stage's alone. `route`: all documents take this one for spam,
        instead of each its own. Unless `capped`, what is sold now may say more than is published.
        """
        heads = self.head_logits(batch)
        return self.mixed(heads, batch, again=again, route=route, capped=capped)

    def mixed(
        self,
        heads: Singles,
        batch: Batch,
        *,
        again: bool = True,
        route: int | None = None,
        capped: bool = True,
    ) -> Floats:
        """Return the calibrated logits that follow from head logits, as `decision_function`."""
        abuse = self.abuse_logits(heads, batch, again=again)
        taken = self.routes(batch) if route is None else np.full(len(batch), route)
        result = np.column_stack([self.spam(heads, batch, taken, capped=capped), abuse])
        self._hear_denials(result, batch, again=again)
        self._hear_languages(result, heads, batch)
        return result

    def abuse_logits(self, heads: Singles, batch: Batch, *, again: bool) -> Floats:
        """Return the calibrated logits of all scores but spam, by the words as they stand."""
        abuse = self.layer_(heads[:, : self._toxicity_heads])
        if self.second is not None and again:
            abuse = self.second.revised(batch.texts, batch.languages, abuse)
        return abuse

    def _hear_denials(self, result: Floats, batch: Batch, *, again: bool) -> None:
        """Let what a comment denies raise its abuse no more; the words are there all the same."""
        doubtful = np.flatnonzero(result[:, 1:].max(axis=1) >= DENIED_FROM).tolist()
        found = {row: rest for row in doubtful if (rest := without_denied(batch.texts[row]))}
        if not found:
            return
        rows, rests = np.array(list(found)), list(found.values())
        whom = {at: rest.named for at, rest in enumerate(rests) if rest.named != rest.bare}
        of_whom = np.array(list(whom), dtype=np.int64)
        texts = [*(rest.bare for rest in rests), *whom.values()]
        left = batch.reworded(np.append(rows, rows[of_whom]), texts)
        said = self.abuse_logits(self.head_logits(left), left, again=again)
        lower, named = said[: len(rows)], said[len(rows) :]
        # A name that is abuse itself: "I do not think that bastard is a fool".
        abusive = named[:, TOXICITY - 1] >= 0
        lower[of_whom[abusive]] = named[abusive]
        lower[:, PROFANITY - 1] = np.inf
        result[rows, 1:] = np.minimum(result[rows, 1:], lower)

    def spam(
        self, heads: Singles, batch: Batch, route: npt.NDArray[np.int64], *, capped: bool = True
    ) -> Floats:
        """Return the calibrated spam logits of a batch, of which the last heads are those of spam.

        What is around a link or an address raises that of a long comment.
        """
        whole = self.spam_logits(heads[:, -len(SPAM_HEADS) :], route, batch.cited, capped=capped)
        if batch.contacts is not None:
            around = batch.contacts.batch
            said = self.linear_.decision_function(around)[:, -len(SPAM_HEADS) :]
            logits = self.spam_logits(said, self.routes(around), around.cited, capped=capped)
            np.maximum.at(whole, batch.contacts.rows, logits - DISCOUNT)
        return whole

    def spam_logits(
        self,
        heads: Singles,
        route: npt.NDArray[np.int64],
        cited: Singles | float = 0.0,
        *,
        capped: bool = True,
    ) -> Floats:
        """Return the calibrated spam logit from the spam heads' logits.

        The mix of the route, less what links to well-known places say for a comment (`cited`), or
        what the head of what is sold now says, if that is more: at most TODAY_LOGIT_MAX.
        """
        today = self._today_logits(heads)
        if capped:
            today = np.minimum(today, TODAY_LOGIT_MAX)
        return np.maximum(self._mix_logits(heads, route) - cited, today)

    def _mix_logits(self, heads: Singles, route: npt.NDArray[np.int64]) -> Floats:
        mixed = mixed_spam(heads, route)
        return np.asarray(mixed * self.spam_slope_[route] + self.spam_offset_[route])

    def _today_logits(self, heads: Singles) -> Floats:
        said = heads[:, TODAY].astype(np.float64)
        return np.asarray(said * self.today_slope_ + self.today_offset_)

    def routes(self, batch: Batch) -> npt.NDArray[np.int64]:
        """Return which spam heads speak for each document."""
        return routes(batch.meta)

    def _hear_languages(self, result: Floats, heads: Singles, batch: Batch) -> None:
        """Let the head of a comment's language raise its toxicity."""
        for row, language in enumerate(batch.languages):
            if language not in self.languages_:
                continue
            at = self.languages_.index(language)
            logit = heads[row, self._toxicity_heads + at]
            own = logit * self.language_slope_[at] + self.language_offset_[at]
            result[row, TOXICITY] = max(float(own), result[row, TOXICITY])

    def predict_proba(self, batch: Batch) -> Floats:
        """Return the seven probabilities, shape (documents, seven)."""
        return sigmoid(self.decision_function(batch))

    def network_toxicity(self, texts: Sequence[str]) -> Floats:
        """Return how toxic neutral texts are, probabilities, as the network alone finds.

        For names and the like: the linear heads know whole texts, and would cost as much again.
        """
        if not texts:
            return np.zeros(0)
        heads = np.clip(self.network_.decision_function(texts), -HEAD_CLIP, HEAD_CLIP)
        return sigmoid(self.layer_(heads)[:, 0])

    def linear_slopes(self, heads: Singles, column: int, route: int, cited: float) -> Floats:
        """Return how fast a score rises with each linear head, at the head logits of a comment.

        `cited` as in `spam_logits`.
        """
        slopes = np.zeros(len(self.linear_.scale_))
        if column == 0:
            slopes[-len(SPAM_HEADS) :] = self.spam_shares(heads[-len(SPAM_HEADS) :], route, cited)
        else:
            count = self._toxicity_heads
            slopes[:count] = self.layer_.slope_at(heads[:count], column - 1) * (1 - self.blend_)
        return slopes

    def linear_weights(self, slopes: Floats, buckets: npt.NDArray[Any]) -> Singles:
        """Return the text weights of these buckets in a score, without their idf.

        `slopes` are those of the score, from `linear_slopes`.
        """
        # The rows first: a product over the whole table would be most of an explanation's cost.
        weights = self.linear_.text_[buckets] @ (slopes * self.linear_.scale_).astype(np.float32)
        return np.asarray(weights, dtype=np.float32)

    def spam_shares(self, heads: Singles, route: int, cited: float) -> Floats:
        """Return how fast the spam logit rises with each spam head, at their logits."""
        one, taken = heads[None], np.array([route])
        if self._today_logits(one) > self._mix_logits(one, taken) - cited:
            return np.asarray(self.today_slope_ * np.eye(len(SPAM_HEADS))[TODAY])
        return np.asarray(MIXES[route] * self.spam_slope_[route])

    def spam_meta_weights(self, heads: Singles, route: int, cited: float) -> Singles:
        """Return what each number of META adds to the spam logit, a unit each.

        `heads` are the logits of all heads for the comment.
        """
        rows = self.linear_.dense_[-len(META) :, -len(SPAM_HEADS) :]
        shares = self.spam_shares(heads[-len(SPAM_HEADS) :], route, cited)
        return np.asarray(rows @ shares, dtype=np.float32)

    @property
    def _toxicity_heads(self) -> int:
        return len(self.layer_.weights)

    @property
    def classes_(self) -> tuple[str, ...]:
        """Return the names of the scores."""
        return LABELS


TRUSTED = [
    "sklearn.pipeline.Pipeline",
    *(
        f"{one.__module__}.{one.__qualname__}"
        for one in (CommentClassifier, LinearHeads, OutputLayer, SecondStage, TokenNetwork)
    ),
    "models.reader.Reader",
]
"""The only types that a model file may hold, beside arrays and Python's own."""
