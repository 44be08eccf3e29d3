"""Teacher, soft labels, student: the way from the data folder to the network (torch only)."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from models.network import TokenNetwork
from models.text import Normaliser
from models.train import student, teacher
from models.train.gather import gather, label_matrix, lexicon_pairs
from models.train.rows import Row, records
from models.train.toxicity_rows import HEADS
from models.train.words import make_lexicon
from models.wordpiece import WordPiece

Floats = npt.NDArray[np.float32]
Say = Callable[[str], None]

SAY_EVERY_STEPS = 100
POOL_TEXTS = 8_000
"""Unlabelled texts that the teacher labels besides the training rows."""
POOL_CHARS_MAX = 600
SOFT_TOKENS_MAX = 56
TEACHER_SHARES = {
    "jigsaw": 0.95,
    "civil_spans": 0.7,
    "civil_marked": 0.35,
    "civil_plain": 0.9,
    "civil_care": 2.0,
    "civil_autolabel": 2.0,
    "civil_sociosim": 2.0,
    "civil_toxic_spans": 2.0,
    "impermium": 2.0,
    "edos": 0.5,
    "stormfront": 0.55,
    "davidson": 0.6,
    "haacked": 0.4,
}
"""How often the teacher reads a source's rows: a share of them, or all of them so many times.
News is read twice, since that is where comments are moderated and where its labels are few."""


def distil(data_folder: Path, say: Say, seed: int = 0) -> TokenNetwork:
    """Return a network distilled from a teacher that is fine-tuned on the data folder."""
    rows, texts = _texts(data_folder)
    labels = label_matrix(rows)
    weights = np.array([row.weight for row in rows], dtype=np.float32)
    taught = _teacher(rows, texts, labels, weights, say, seed)
    pool = [*texts, *_unlabelled(data_folder, seed)]
    say(f"the teacher reads {len(pool):,} texts")
    logits = teacher.teacher_logits(taught, teacher.token_ids(pool, SOFT_TOKENS_MAX))
    soft = (1 / (1 + np.exp(-logits))).astype(np.float32)
    vocabulary = _vocabulary()
    start = teacher.token_vectors(taught, len(vocabulary), student.WIDTH)
    missing = np.full((len(pool) - len(texts), len(HEADS)), np.nan, dtype=np.float32)
    return fit_network(
        pool,
        vocabulary,
        start,
        np.concatenate([labels, missing]),
        soft,
        np.concatenate([weights, np.ones(len(missing), dtype=np.float32)]),
        say,
    )


def fit_network(
    texts: Sequence[str],
    vocabulary: Sequence[str],
    start: Floats,
    labels: Floats,
    soft: Floats,
    weights: Floats,
    say: Say,
) -> TokenNetwork:
    """Return the network trained on neutral texts; `labels` and `soft` are NaN where unknown."""
    cut = WordPiece(vocabulary)
    ids = [cut(text, student.TOKENS_MAX) for text in texts]
    last = None
    for step, steps, loss, trained in student.train_student(ids, start, labels, soft, weights):
        last = trained
        if step % SAY_EVERY_STEPS == 0 or step == steps:
            say(f"student: step {step} of {steps}, loss {loss:.3f}")
    if last is None:
        raise ModelError("There is no text to distil from: give the folder of the data notes.")
    return TokenNetwork().take(vocabulary, HEADS, last.arrays())


def _texts(data_folder: Path) -> tuple[list[Row], list[str]]:
    rows = gather(data_folder)
    normaliser = Normaliser(make_lexicon(lexicon_pairs(rows)))
    train = [row for row, fold in zip(rows.toxicity, rows.folds, strict=True) if fold == "train"]
    texts = [normaliser.normalise(row.text).text for row in train]
    kept = [at for at, text in enumerate(texts) if text]
    return [train[at] for at in kept], [texts[at] for at in kept]


def _teacher(
    rows: Sequence[Row], texts: Sequence[str], labels: Floats, weights: Floats, say: Say, seed: int
) -> teacher.Teacher:
    rng = np.random.default_rng(seed)
    shares = np.array([TEACHER_SHARES.get(row.source, 1) for row in rows])
    times = (shares + rng.random(len(rows))).astype(int)
    chosen = np.repeat(np.arange(len(rows)), times).tolist()
    ids = teacher.token_ids([texts[at] for at in chosen])
    last = None
    for step, steps, loss, trained in teacher.train_teacher(
        ids, labels[chosen], weights[chosen], seed
    ):
        last = trained
        if step % SAY_EVERY_STEPS == 0 or step == steps:
            say(f"teacher: step {step} of {steps}, loss {loss:.3f}")
    if last is None:
        raise ModelError("There is no text to teach with: give the folder of the data notes.")
    return last


def _unlabelled(data_folder: Path, seed: int) -> list[str]:
    texts = [record["text"] for record in records(data_folder / "spam", "youtube_unlabelled")]
    chosen = np.random.default_rng(seed).choice(len(texts), POOL_TEXTS, replace=False)
    return [texts[at].lower()[:POOL_CHARS_MAX] for at in chosen if texts[at].strip()]


def _vocabulary() -> list[str]:
    path = teacher.encoder_folder() / "vocab.txt"
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
