"""What the last teachers said, kept so that everyone can train without them.

In the repository it is the word of two teachers (.4) and of the second stage's encoder (.6), on the
heads of ratings of the encoder alone: docs/decisions/model-network.md.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from models.network import in_bytes
from models.train.rows import text_key

Floats = npt.NDArray[np.float32]

KEPT = Path(__file__).parent / "kept" / "teacher.npz"
LOGIT_MAX = 8.0
KNOWN_SHARE_MIN = 0.5
"""Of the texts that a network is distilled from; with fewer it would learn from labels alone."""
_UNKNOWN = 255
_STEPS = 254


def together(logits: Sequence[Floats]) -> Floats:
    """Return the logits of teachers' mean probability, over those that know a text (not NaN)."""
    each = 1 / (1 + np.exp(-np.clip(np.stack(logits), -LOGIT_MAX, LOGIT_MAX)))
    mean = np.nanmean(each, axis=0)
    return np.asarray(np.log(mean / (1 - mean)), dtype=np.float32)


def keep(path: Path, texts: Sequence[str], logits: Floats, start: Floats) -> None:
    """Write the teacher's logits, shape (texts, heads), NaN where it has none, and embeddings.

    Logits are kept in 255 steps from -LOGIT_MAX to LOGIT_MAX, embeddings in bytes with a scale a
    row. Of a text only a hash is kept.
    """
    clipped = np.clip(logits, -LOGIT_MAX, LOGIT_MAX)
    steps = np.rint((clipped + LOGIT_MAX) * (_STEPS / (2 * LOGIT_MAX)))
    said = np.where(np.isnan(logits), _UNKNOWN, np.nan_to_num(steps)).astype(np.uint8)
    steps_of_start, scale = in_bytes(start)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, texts=_keys(texts), said=said, start=steps_of_start, scale=scale)


def kept(path: Path, texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the teacher's probabilities for these texts (NaN: unknown), and its embeddings.

    Raises ModelError if nothing is kept.
    """
    if not path.is_file():
        raise ModelError(
            f"{path} is missing: take it from the repository, or run `train --teacher` first."
        )
    with np.load(path) as file:
        known, said, start, scale = (file[name] for name in ("texts", "said", "start", "scale"))
    row_of = {key: row for row, key in enumerate(known.tolist())}
    # One row more, for texts that it never read.
    said = np.concatenate([said, np.full((1, said.shape[1]), _UNKNOWN, dtype=np.uint8)])
    said = said[[row_of.get(key, len(known)) for key in _keys(texts).tolist()]]
    logits = said.astype(np.float32) * (2 * LOGIT_MAX / _STEPS) - LOGIT_MAX
    probabilities = 1 / (1 + np.exp(-logits))
    probabilities[said == _UNKNOWN] = np.nan
    return probabilities, start.astype(np.float32) * scale[:, None]


def require_known(said: Floats) -> None:
    """Raise ModelError if a teacher read too few of the texts to teach a network by them."""
    if (~np.isnan(said)).any(axis=1).mean() < KNOWN_SHARE_MIN:
        raise ModelError(
            "What the teachers said is of other texts than DATA_DIR now gives: take the data of "
            "the model's manifest, or run `train --teacher` first."
        )


def taught(labels: Floats, said: Floats) -> Floats:
    """Return the mean of what people and the teacher say, or what the one of them says who knows.

    Both have shape (texts, heads); NaN: unknown.
    """
    both = np.where(np.isnan(said), labels, (labels + said) / 2)
    return np.asarray(np.where(np.isnan(labels), said, both), dtype=np.float32)


def _keys(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    return np.frombuffer(b"".join(map(text_key, texts)), dtype=np.uint64)
