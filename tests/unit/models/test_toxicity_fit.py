"""The linear heads of toxicity: what they learn from labels, and what from a teacher."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse

from models.document import Document
from models.linear import fit_head
from models.links import LISTS
from models.outputs import SHIPPED_HEADS
from models.reader import Reader
from models.train import toxicity_fit
from models.train.build import choose_blend
from models.train.design import Design, inverse_frequencies, matrix, read_design
from models.train.gather import Rows
from models.train.kept import keep
from models.train.readers import SOURCE as READERS
from models.train.rows import Row
from models.train.toxicity_fit import fit_toxicity
from models.train.toxicity_rows import HEADS
from models.train.words import make_lexicon

Floats = npt.NDArray[np.float32]

PLAIN, RUDE, UNLABELLED = "a quiet bridge", "a filthy moron", "a clueless clown"
INSULT = SHIPPED_HEADS.index("insult")
TEXTS = [PLAIN, RUDE] * 8


@pytest.fixture
def reader() -> Reader:
    lexicon = make_lexicon([(text, None) for text in (PLAIN, RUDE, UNLABELLED) * 9])
    return Reader().take(lexicon, {name: np.zeros(0, np.uint64) for name in LISTS})


def _design(reader: Reader, texts: list[str]) -> Design:
    return read_design(reader, [Document(text) for text in texts])


def _insult_logit(
    reader: Reader, said: list[str], text: str = UNLABELLED, ours: Sequence[Row] = ()
) -> float:
    """Fit the heads and return the logit of `insult` for a text, by default one without label."""
    rows = [Row(one, "jigsaw", dict.fromkeys(SHIPPED_HEADS, float(one == RUDE))) for one in TEXTS]
    rows += ours
    folds = np.array(["train"] * len(rows))
    design = _design(reader, [row.text for row in rows])
    pool = _design(reader, [UNLABELLED] * 8)
    idf = inverse_frequencies([design, pool])
    fitted = fit_toxicity(design, pool, idf, Rows(rows, folds, [], folds[:0], []), said.append)
    weights, intercept = fitted[INSULT]
    return float((matrix(_design(reader, [text]), idf, about=False) @ weights)[0] + intercept)


@pytest.mark.parametrize("logit", [-6.0, 6.0])
def test_heads_learn_from_a_teacher_what_nobody_labelled(
    logit: float, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, said = tmp_path / "teacher.npz", [float("nan")] * len(HEADS)
    said[HEADS.index("insult")] = logit
    keep(path, [UNLABELLED], np.array([said], np.float32), np.zeros((1, 1), np.float32))
    monkeypatch.setattr(toxicity_fit, "KEPT", path)
    told: list[str] = []
    assert _insult_logit(reader, told) * logit > 0
    assert any("8 of 24 texts" in one for one in told)


def test_without_a_teacher_heads_learn_from_labels(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toxicity_fit, "KEPT", tmp_path / "none.npz")
    told: list[str] = []
    assert _insult_logit(reader, told, PLAIN) < 0 < _insult_logit(reader, told, RUDE)
    assert any("labels alone" in one for one in told)


def test_comments_of_our_own_teach_the_linear_heads_nothing(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toxicity_fit, "KEPT", tmp_path / "none.npz")
    ours = [Row(PLAIN, READERS, dict.fromkeys(SHIPPED_HEADS, 1.0))] * 40
    assert _insult_logit(reader, [], PLAIN, ours) < 0


@pytest.mark.parametrize(("linear", "network", "share"), [(2, -2.6, 0.4), (-9, 2, 0.9)])
def test_the_part_that_ranks_right_gets_the_share_that_it_needs(
    linear: float, network: float, share: float
) -> None:
    labels = np.tile(np.array([[0.0], [0.0], [1.0], [np.nan]], np.float32), len(SHIPPED_HEADS))
    side = 2 * np.nan_to_num(labels) - 1
    assert choose_blend(linear * side, network * side, labels) == share


def test_a_head_that_nobody_labelled_both_ways_says_nothing() -> None:
    features = sparse.csr_matrix(np.eye(2, 3, dtype=np.float32))
    labels, weights = np.array([np.nan, 1.0], np.float32), np.ones(2, np.float32)
    coefficients, intercept = fit_head(features, labels, weights, 1.0)
    assert intercept == 0
    assert not coefficients.any()
