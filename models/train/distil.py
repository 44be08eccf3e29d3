"""Teacher, soft labels, student: the way from the data folder to the network (torch only)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from models.network import TokenNetwork
from models.progress import Say
from models.text import Normaliser
from models.train import student, teacher
from models.train.contrast import READS_CONTRAST
from models.train.gather import gather, label_matrix, lexicon_pairs
from models.train.kept import KEPT, keep, kept, require_known, together
from models.train.pool import of_our_own, unlabelled
from models.train.ratings import rated
from models.train.rows import Row
from models.train.toxicity_rows import HEADS
from models.train.words import make_lexicon
from models.wordpiece import WordPiece

Floats = npt.NDArray[np.float32]
Module = TypeVar("Module")

SAY_EVERY_STEPS = 100
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
"""How often a teacher reads a source's rows: a share of them, or all of them so many times.
News is read twice, since that is where comments are moderated and where its labels are few."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the network learns from: neutral texts with labels and weights, the rows' first."""

    rows: list[Row]
    texts: list[str]
    labels: Floats
    weights: Floats


def distil(data_folder: Path, say: Say, seed: int = 0) -> TokenNetwork:
    """Return a network distilled from teachers that are fine-tuned on the data folder.

    What they say together is kept in KEPT, so that everyone can train the network without them.
    """
    lessons = lessons_of(data_folder, seed)
    said: list[Floats] = []
    start = np.zeros(0, dtype=np.float32)
    for number, reads_contrast in enumerate(READS_CONTRAST):
        taught = _teacher(lessons, say, seed + number, reads_contrast=reads_contrast)
        said.append(_logits(taught, lessons, say, knows_contrast=reads_contrast))
        if not number:
            start = teacher.token_vectors(taught, len(_vocabulary()), student.WIDTH)
    keep(KEPT, lessons.texts, together(said), start)
    return network_of(lessons, say)


def distil_kept(data_folder: Path, say: Say, seed: int = 0) -> TokenNetwork:
    """Return a network distilled from what the last teachers said, which is kept in KEPT.

    Raises ModelError if they read too few of the folder's texts.
    """
    return network_of(lessons_of(data_folder, seed), say)


def network_of(lessons: Lessons, say: Say) -> TokenNetwork:
    """Return a network that learns from lessons and from what is kept in KEPT of their texts.

    Raises ModelError if the last teachers read too few of them.
    """
    # Read back even when just written: the same bytes come from both commands.
    soft, start = kept(KEPT, lessons.texts)
    require_known(soft)
    return fit_network(
        lessons.texts, _vocabulary(), start, lessons.labels, soft, lessons.weights, say
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
    say(f"the network learns from {len(texts):,} texts")
    cut = WordPiece(vocabulary)
    ids = [cut(text, student.TOKENS_MAX) for text in texts]
    steps = student.train_student(ids, start, labels, soft, weights)
    return TokenNetwork().take(vocabulary, HEADS, trained("student", steps, say).arrays())


def trained(what: str, steps: Iterator[tuple[int, int, float, Module]], say: Say) -> Module:
    """Return what a training run ends with, saying now and then how far it is.

    `steps` are (step, steps, loss, network). Raises ModelError if there is none.
    """
    last = None
    for step, count, loss, network in steps:
        last = network
        if step % SAY_EVERY_STEPS == 0:
            say(f"{what}: step {step} of {count}, loss {loss:.3f}", step / count)
    if last is None:
        raise ModelError("There is no text to learn from: give the folder of the data notes.")
    return last


def lessons_of(data_folder: Path, seed: int) -> Lessons:
    """Return all texts of the data folder that a network may learn from."""
    rows = gather(data_folder)
    normaliser = Normaliser(make_lexicon(lexicon_pairs(rows)))
    train = [row for row, fold in zip(rows.toxicity, rows.folds, strict=True) if fold == "train"]
    texts = [normaliser.normalise(row.text).text for row in train]
    full = [at for at, text in enumerate(texts) if text]
    train, texts = [train[at] for at in full], [texts[at] for at in full]
    pool = unlabelled(data_folder, normaliser, train, texts, seed) + of_our_own(train, texts, seed)
    labels = np.full((len(texts) + len(pool), len(HEADS)), np.nan, dtype=np.float32)
    labels[: len(texts)] = label_matrix(train)
    labels[len(texts) :] = label_matrix(rated([Row(text, "", {}) for text in pool]))
    weights = [row.weight for row in train] + [1.0] * len(pool)
    return Lessons(train, texts + pool, labels, np.array(weights, dtype=np.float32))


def _logits(taught: teacher.Teacher, lessons: Lessons, say: Say, *, knows_contrast: bool) -> Floats:
    say(f"a teacher reads {len(lessons.texts):,} texts")
    ids = teacher.token_ids(lessons.texts, teacher.READ_TOKENS_MAX)
    logits: Floats = teacher.teacher_logits(taught, ids)
    if not knows_contrast:
        # It has not learnt from these and knows them less well than their labels do.
        logits[: len(lessons.rows)][[row.source == "contrast" for row in lessons.rows]] = np.nan
    return logits


def _teacher(lessons: Lessons, say: Say, seed: int, *, reads_contrast: bool) -> teacher.Teacher:
    rng = np.random.default_rng(seed)
    wanted = TEACHER_SHARES | {"contrast": float(reads_contrast)}
    shares = np.array([wanted.get(row.source, 1) for row in lessons.rows])
    times = (shares + rng.random(len(shares))).astype(int)
    chosen = np.repeat(np.arange(len(shares)), times).tolist()
    say(f"a teacher is trained on {len(chosen):,} texts")
    ids = teacher.token_ids([lessons.texts[at] for at in chosen])
    steps = teacher.train_teacher(ids, lessons.labels[chosen], lessons.weights[chosen], seed)
    return trained("teacher", steps, say)


def _vocabulary() -> list[str]:
    path = teacher.encoder_folder() / "vocab.txt"
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
