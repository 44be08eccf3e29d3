"""The second stage: an encoder reads again what the first stage finds suspicious.

An optional part: a folder of its own, and onnxruntime (the extra "second-stage"). MiniLM-L6,
fine-tuned on comments (models/train/encoder.py), with its weights in bytes. It reads whole
sentences, which the first stage cannot, and takes some twenty times as long, so that it is asked
only where its answer may change something (a cascade, Viola and Jones 2001).
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from models.calibrate import sigmoid
from models.competence import FAMILIAR
from models.errors import ModelError
from models.features import TEXT_CHARS_MAX
from models.network import TokenNetwork, of_passages
from models.outputs import OutputLayer

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

READ_FROM = 0.01
"""Toxicity of the first stage, a probability, from which a comment is read again."""
TOKENS_MAX = 126
"""Tokens that the encoder reads at once."""
_START, _END = 101, 102  # [CLS] and [SEP] of the uncased BERT vocabulary
_NEEDS = "A second stage needs onnxruntime: run `make second`, or install the extra 'second-stage'."


def vocabulary_hash(vocabulary: str) -> str:
    """Return the SHA-256 of a vocabulary, tokens a line each."""
    return hashlib.sha256(vocabulary.encode("utf-8")).hexdigest()


class SecondStage(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Reads suspicious English comments again and revises their toxicity scores.

    Fitted attributes: `graph_` (the encoder as ONNX: token ids to a logit a head, uint8),
    `vocabulary_` (the hash of the tokens that its ids are of), and what makes of the first stage's
    calibrated logits and of the encoder's logits the calibrated logits of both: `first_` (scores)
    and `layer_`, whose outputs are added.
    """

    graph_: npt.NDArray[np.uint8]
    layer_: OutputLayer

    def ready(self, network: TokenNetwork) -> "SecondStage":
        """Open the encoder beside the first stage's network; called once after loading.

        Raises ModelError if onnxruntime is missing or the network's vocabulary is not the one whose
        ids the encoder knows.
        """
        if vocabulary_hash(network.vocabulary_) != self.vocabulary_:
            raise ModelError("The second stage was made for another model's vocabulary.")
        self._wordpiece = network.wordpiece
        self._session = _session(self.graph_)
        self.graph_ = np.zeros(0, dtype=np.uint8)  # the session has it: 23 MB less
        return self

    def __getstate__(self) -> dict[str, object]:
        if not len(self.graph_):
            raise ModelError("A second stage that was opened cannot be written or copied.")
        state: dict[str, object] = dict(super().__getstate__())
        return {name: value for name, value in state.items() if not name.startswith("_")}

    def revised(self, texts: Sequence[str], languages: Sequence[str], scores: Floats) -> Floats:
        """Return calibrated logits of neutral texts, shape (texts, scores), toxicity first.

        `scores` are the first stage's. Those of comments that are not suspicious, or in a language
        that the encoder has not learnt, are returned as they came.
        """
        rows = np.flatnonzero(are_suspicious(scores[:, 0], languages))
        result = scores.copy()
        if len(rows):
            result[rows] = self.joined(
                scores[rows], self.read([texts[row] for row in rows.tolist()])
            )
        return result

    def joined(self, scores: Floats, heads: Singles) -> Floats:
        """Return the calibrated logits of both stages, shape (texts, scores)."""
        return np.asarray(scores * self.first_ + self.layer_(heads))

    def read(self, texts: Sequence[str]) -> Singles:
        """Return the encoder's logits of neutral texts, shape (texts, heads).

        A longer text is read in even parts, and each head says the highest, as in the network: the
        first part counts as the whole, the others as passages.
        """
        return np.concatenate([self._read(text) for text in texts])

    def _read(self, text: str) -> Singles:
        tokens = self._wordpiece(text[:TEXT_CHARS_MAX], TEXT_CHARS_MAX)
        parts = np.array_split(tokens, -(-len(tokens) // TOKENS_MAX))
        rows = [np.array([[_START, *part, _END]], dtype=np.int64) for part in parts]
        # One a pass: steps of bytes are chosen for a whole pass, so that a score would depend on
        # the texts beside it, and eight together are but an eighth faster.
        said = np.concatenate([self._session.run(None, {"ids": row})[0] for row in rows])
        said[1:] = of_passages(said[1:])
        return np.asarray(said.max(0, keepdims=True), dtype=np.float32)


def are_suspicious(toxicity: Floats, languages: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell which comments are read again, from the first stage's logits of toxicity."""
    known = np.array([one in FAMILIAR for one in languages], dtype=bool)
    return np.asarray(known & (sigmoid(toxicity) >= READ_FROM))


def _session(graph: npt.NDArray[np.uint8]) -> Any:
    try:
        import onnxruntime  # noqa: PLC0415 - the extra "second-stage"
    except ImportError:
        raise ModelError(_NEEDS) from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # workers share the cores among themselves
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        graph.tobytes(), options, providers=["CPUExecutionProvider"]
    )
