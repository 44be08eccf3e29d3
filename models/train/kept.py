"""What the last teachers said, kept so that everyone can train the network without it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from models.network import in_bytes

Floats = npt.NDArray[np.float32]

KEPT = Path(__file__).parent / "kept" / "teacher.npz"
LOGIT_MAX = 8.0
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
    row. Of the texts only a hash is kept.
    """
    clipped = np.clip(logits, -LOGIT_MAX, LOGIT_MAX)
    steps = np.rint((clipped + LOGIT_MAX) * (_STEPS / (2 * LOGIT_MAX)))
    said = np.where(np.isnan(logits), _UNKNOWN, np.nan_to_num(steps)).astype(np.uint8)
    steps_of_start, scale = in_bytes(start)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        texts=np.array(digest(texts)),
        said=said,
        start=steps_of_start,
        scale=scale,
    )


def kept(path: Path, texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the teacher's probabilities for these texts (NaN: unknown), and its embeddings.

    Raises ModelError if there are none or they are of other texts.
    """
    if not path.is_file():
        raise ModelError(f"{path} is missing: take it from the repository, or give --teacher.")
    with np.load(path) as file:
        if str(file["texts"]) != digest(texts):
            raise ModelError(
                "What the teacher said is of other texts than DATA_DIR now gives: take the data of "
                "the model's manifest, or give --teacher."
            )
        said, start, scale = file["said"], file["start"], file["scale"]
    logits = said.astype(np.float32) * (2 * LOGIT_MAX / _STEPS) - LOGIT_MAX
    probabilities = 1 / (1 + np.exp(-logits))
    probabilities[said == _UNKNOWN] = np.nan
    return probabilities, start.astype(np.float32) * scale[:, None]


def digest(texts: Sequence[str]) -> str:
    """Return a hash of texts in their order."""
    found = hashlib.sha256()
    for text in texts:
        found.update(text.encode("utf-8", "replace") + b"\0")
    return found.hexdigest()
