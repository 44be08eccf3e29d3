"""Teacher, soft labels, student: the way from the data folder to the network (torch only)."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import ModelError
from models.network import TokenNetwork
from models.progress import Say
from models.text import Normaliser
from models.train import student, teacher
from models.train.encoders import MINILM
from models.train.gather import gather, label_matrix, lexicon_pairs
from models.train.kept import KEPT, keep, kept, require_known, together
from models.train.pool import unlabelled
from models.train.recipes import READ_TOKENS_MAX, RECIPES, Recipe
from models.train.rows import Row
from models.train.toxicity_rows import HEADS
from models.train.words import make_lexicon
from models.wordpiece import WordPiece

Floats = npt.NDArray[np.float32]
SAY_EVERY_STEPS = 100


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
    Takes some 900 MB in the folder for temporary files.
    """
    said: list[Floats] = []
    start = np.zeros(0, dtype=np.float32)
    with tempfile.TemporaryDirectory() as work:
        # All are looked for before hours are spent on the first.
        folders = [recipe.encoder.folder(Path(work)) for recipe in RECIPES]
        lessons = _lessons(data_folder, seed)
        for recipe, folder in zip(RECIPES, folders, strict=True):
            taught = _teacher(recipe, folder, lessons, say)
            said.append(_logits(recipe, folder, taught, lessons, say))
            if not len(start):
                start = teacher.token_vectors(taught, len(_vocabulary()), student.WIDTH)
    keep(KEPT, lessons.texts, together(said, [recipe.voice for recipe in RECIPES]), start)
    return _network(lessons, say)


def distil_kept(data_folder: Path, say: Say, seed: int = 0) -> TokenNetwork:
    """Return a network distilled from what the last teachers said, which is kept in KEPT.

    Raises ModelError if they read too few of the folder's texts.
    """
    return _network(_lessons(data_folder, seed), say)


def _network(lessons: Lessons, say: Say) -> TokenNetwork:
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
    last = None
    for step, steps, loss, trained in student.train_student(ids, start, labels, soft, weights):
        last = trained
        if step % SAY_EVERY_STEPS == 0:
            say(f"student: step {step} of {steps}, loss {loss:.3f}", step / steps)
    if last is None:
        raise ModelError("There is no text to distil from: give the folder of the data notes.")
    return TokenNetwork().take(vocabulary, HEADS, last.arrays())


def _lessons(data_folder: Path, seed: int) -> Lessons:
    rows = gather(data_folder)
    normaliser = Normaliser(make_lexicon(lexicon_pairs(rows)))
    train = [row for row, fold in zip(rows.toxicity, rows.folds, strict=True) if fold == "train"]
    texts = [normaliser.normalise(row.text).text for row in train]
    full = [at for at, text in enumerate(texts) if text]
    train, texts = [train[at] for at in full], [texts[at] for at in full]
    pool = unlabelled(data_folder, normaliser, train, texts, seed)
    labels = np.full((len(texts) + len(pool), len(HEADS)), np.nan, dtype=np.float32)
    labels[: len(texts)] = label_matrix(train)
    weights = [row.weight for row in train] + [1.0] * len(pool)
    return Lessons(train, texts + pool, labels, np.array(weights, dtype=np.float32))


def _logits(
    recipe: Recipe, folder: Path, taught: teacher.Teacher, lessons: Lessons, say: Say
) -> Floats:
    reading = recipe.reading(lessons.rows, len(lessons.texts))
    say(f"{recipe.encoder.name} reads {len(reading):,} texts")
    logits = np.full((len(lessons.texts), len(HEADS)), np.nan, dtype=np.float32)
    texts = [lessons.texts[at] for at in reading]
    logits[reading] = teacher.teacher_logits(
        taught, teacher.token_ids(folder, texts, READ_TOKENS_MAX)
    )
    return logits


def _teacher(recipe: Recipe, folder: Path, lessons: Lessons, say: Say) -> teacher.Teacher:
    chosen = recipe.lesson(lessons.rows)
    say(f"{recipe.encoder.name} is trained on {len(chosen):,} texts")
    ids = teacher.token_ids(folder, [lessons.texts[at] for at in chosen], recipe.tokens_max)
    last = None
    for step, steps, loss, trained in teacher.train_teacher(
        recipe.encoder,
        folder,
        ids,
        lessons.labels[chosen],
        lessons.weights[chosen],
        recipe.seed,
        recipe.epochs,
    ):
        last = trained
        if step % SAY_EVERY_STEPS == 0:
            name = recipe.encoder.name
            say(f"{name}: step {step} of {steps}, loss {loss:.3f}", step / steps)
    if last is None:
        raise ModelError("There is no text to teach with: give the folder of the data notes.")
    return last


def _vocabulary() -> list[str]:
    path = MINILM.folder(Path()) / "vocab.txt"
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
