"""The second stage with an encoder of a few sums in place of the real one."""

import sys
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from models.calibrate import sigmoid
from models.cli import train
from models.errors import ModelError
from models.features import TEXT_CHARS_MAX
from models.network import TokenNetwork
from models.outputs import LABELS, SHIPPED_HEADS, OutputLayer, Scale
from models.registry import load_second_stage, model_hash, newest, read_manifest
from models.second import READ_FROM, TOKENS_MAX, SecondStage, vocabulary_hash
from models.train.rows import Row
from models.train.second import join
from models.wordpiece import WordPiece

VOCABULARY = "\n".join(["[PAD]", "[UNK]", "calm", "rude", *"abcdefgh"])
SCORES = len(LABELS) - 1
SUSPICIOUS, QUIET = 0.0, -8.0
"""Logits of toxicity: a half, and far below READ_FROM."""


class Encoder:
    """Its logit of every head is the sum of a text's token ids; keeps how many it was given."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, int]] = []

    def run(self, _outputs: None, inputs: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        ids = inputs["ids"]
        self.shapes.append(ids.shape)
        sums = ids[:, 1:-1].sum(1)  # without [CLS] and [SEP]
        return [np.repeat(sums[:, None], len(SHIPPED_HEADS), axis=1).astype(np.float32)]


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Encoder:
    encoder = Encoder()
    monkeypatch.setattr("models.second._session", lambda _graph: encoder)
    return encoder


def unready() -> SecondStage:
    stage = SecondStage()
    stage.graph_ = np.zeros(3, dtype=np.uint8)
    stage.vocabulary_ = vocabulary_hash(VOCABULARY)
    stage.first_ = np.full(SCORES, 0.5)
    heads = len(SHIPPED_HEADS)
    mixes = {f"score {at}": dict.fromkeys(SHIPPED_HEADS, 1.0) for at in range(SCORES)}
    layer = OutputLayer.of(SHIPPED_HEADS, Scale(np.zeros(heads), np.ones(heads)), mixes)
    stage.layer_ = layer.moved(np.full(SCORES, 0.25), np.full(SCORES, -1.0))
    return stage


def network(vocabulary: str = VOCABULARY) -> TokenNetwork:
    """The parts of a first stage's network that a second stage asks for."""
    cut = WordPiece(vocabulary.split("\n"))
    return SimpleNamespace(vocabulary_=vocabulary, wordpiece=cut)  # type: ignore[return-value]  # parts


@pytest.fixture
def stage(encoder: Encoder) -> SecondStage:
    return unready().ready(network())


def logits(*toxicity: float) -> np.ndarray:
    return np.repeat(np.array(toxicity)[:, None], SCORES, axis=1)


def test_only_suspicious_comments_are_read(stage: SecondStage, encoder: Encoder) -> None:
    before = logits(QUIET, SUSPICIOUS, QUIET)
    after = stage.revised(["rude", "calm rude", "a"], ["en"] * 3, before)
    np.testing.assert_array_equal(after[[0, 2]], before[[0, 2]])
    np.testing.assert_allclose(after[1], 0.5 * SUSPICIOUS + 0.25 * (2 + 3) - 1)
    assert encoder.shapes == [(1, 4)]


def test_nothing_suspicious_asks_nothing(stage: SecondStage, encoder: Encoder) -> None:
    before = logits(QUIET, QUIET)
    np.testing.assert_array_equal(stage.revised(["a", "b"], ["en"] * 2, before), before)
    assert encoder.shapes == []


@pytest.mark.parametrize("language", ["de", "other", ""])
def test_what_is_not_english_keeps_its_scores(
    stage: SecondStage, encoder: Encoder, language: str
) -> None:
    before = logits(SUSPICIOUS)
    np.testing.assert_array_equal(stage.revised(["rude"], [language], before), before)
    assert encoder.shapes == []


def test_comments_from_the_threshold_on_are_read(stage: SecondStage, encoder: Encoder) -> None:
    edge = float(np.log(READ_FROM / (1 - READ_FROM)))
    stage.revised(["a", "b"], ["en"] * 2, logits(edge - 1e-6, edge + 1e-6))
    assert encoder.shapes == [(1, 3)]


def test_every_text_is_read_by_itself(stage: SecondStage, encoder: Encoder) -> None:
    read = stage.read(["calm calm calm", "rude", "a b"])
    assert read.shape == (3, len(SHIPPED_HEADS))
    assert read[:, 0].tolist() == [6, 3, 4 + 5]
    assert encoder.shapes == [(1, 5), (1, 3), (1, 4)]


def test_an_empty_text_is_one_unknown_token(stage: SecondStage, encoder: Encoder) -> None:
    assert stage.read([""])[:, 0].tolist() == [1]
    assert encoder.shapes == [(1, 3)]


def test_a_long_text_says_what_its_worst_part_says(stage: SecondStage, encoder: Encoder) -> None:
    calm, rude = "calm " * TOKENS_MAX, "rude " * (TOKENS_MAX - 2)
    half = TOKENS_MAX - 1
    assert stage.read([calm])[:, 0].tolist() == [2 * TOKENS_MAX]
    found = stage.read([calm + rude, rude + calm])[:, 0]
    # The parts are of calm and rude ones; the first counts as the whole, the other as a passage.
    np.testing.assert_allclose(found, [2 * half, 3 * (TOKENS_MAX - 2) + 2])
    assert encoder.shapes[1:] == [(1, half + 2)] * 4


def test_a_text_is_read_as_far_as_the_first_stage_reads(
    stage: SecondStage, encoder: Encoder
) -> None:
    stage.read(["a" + " a" * TEXT_CHARS_MAX])
    tokens = TEXT_CHARS_MAX // 2
    assert sum(length - 2 for _, length in encoder.shapes) == tokens


def test_scores_given_are_left_as_they_are(stage: SecondStage) -> None:
    before = logits(SUSPICIOUS)
    stage.revised(["rude"], ["en"], before)
    np.testing.assert_array_equal(before, logits(SUSPICIOUS))


def test_another_vocabulary_is_refused(encoder: Encoder) -> None:
    with pytest.raises(ModelError, match="another model's vocabulary"):
        unready().ready(network(VOCABULARY + "\ni"))


def test_missing_onnxruntime_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelError, match="install the extra 'second-stage'"):
        unready().ready(network())


def test_no_comments_are_no_fault(stage: SecondStage, encoder: Encoder) -> None:
    assert stage.revised([], [], np.zeros((0, SCORES))).shape == (0, SCORES)
    assert encoder.shapes == []


def test_opened_stage_is_not_written_without_its_encoder(stage: SecondStage) -> None:
    with pytest.raises(ModelError, match="cannot be written"):
        copy(stage)


def test_copy_can_be_opened_and_the_original_written(encoder: Encoder) -> None:
    original = unready()
    copy(original).ready(network())
    assert set(original.__getstate__()) >= {"graph_", "vocabulary_", "first_", "layer_"}
    assert len(original.graph_) == 3


def test_command_trains_joins_and_writes_a_stage_that_loads(
    encoder: Encoder, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what needs torch is a stand-in: the data, the first stage and the joining are real."""
    torch_part = ModuleType("models.train.encoder")
    torch_part.fit_encoder = lambda _data, _say: np.arange(5, dtype=np.uint8)  # type: ignore[attr-defined]  # a stand-in
    monkeypatch.setitem(sys.modules, "models.train.encoder", torch_part)
    folder = tmp_path / "encoder-1"

    command = [str(data_folder), "--second-stage", "--output", str(folder)]
    result = CliRunner().invoke(train, command, catch_exceptions=False)

    assert result.stdout == f"wrote {folder}\n"
    manifest = read_manifest(folder)
    assert (manifest["version"], manifest["first_stage"]) == ("encoder-1", newest().name)
    assert manifest["first_stage_sha256"] == model_hash(newest())
    assert "Apache License, Version 2.0" in (folder / "NOTICE").read_text(encoding="utf-8")
    written = load_second_stage(folder)
    assert written.graph_.tolist() == [0, 1, 2, 3, 4]
    layer = written.layer_
    assert all(np.isfinite(part).all() for part in (written.first_, layer.slopes, layer.offsets))


@pytest.fixture
def rows() -> list[Row]:
    """Comments of Wikipedia and news, a third of them bad in every way."""
    names = {"jigsaw": ("toxic", "severe_toxic", "insult", "identity_hate", "obscene", "threat")}
    names["civil_care"] = (
        "civil", "civil_insult", "civil_identity", "civil_obscene", "civil_threat"
    )  # fmt: skip
    return [
        Row("x", source, dict.fromkeys([*heads, "any"], float(at % 3 == 0)))
        for source, heads in names.items()
        for at in range(600)
    ]


def test_joined_scores_are_calibrated_and_rank_better_than_either(rows: list[Row]) -> None:
    rng = np.random.default_rng(0)
    bad = np.array([row.labels["any"] for row in rows])
    first = np.repeat((2 * bad - 3 + rng.normal(size=len(rows)))[:, None], SCORES, axis=1)
    own = 2 * bad - 1 + rng.normal(size=len(rows))
    heads = np.repeat(own[:, None], len(SHIPPED_HEADS), axis=1).astype(np.float32)

    stage = join(unready(), first, heads, rows, ["en"] * len(rows))
    both = stage.joined(first, heads)[:, 0]

    assert area(both, bad) > max(area(first[:, 0], bad), area(own, bad))
    read = sigmoid(first[:, 0]) >= READ_FROM
    odds = np.where(bad > 0.5, 0.088 / bad.mean(), 0.912 / (1 - bad.mean()))
    share = np.average(sigmoid(both[read]), weights=odds[read])
    assert share == pytest.approx(np.average(bad[read], weights=odds[read]), abs=0.01)


def test_rows_that_are_not_read_again_calibrate_nothing(rows: list[Row]) -> None:
    """Rows in another language on which both stages are wrong: they may not flatten the scores."""
    rng = np.random.default_rng(1)
    bad = np.array([row.labels["any"] for row in rows])
    foreign = rng.random(len(rows)) < 0.3
    signal = np.where(foreign, 1 - bad, bad) * 3 - 2 + rng.normal(size=len(rows))
    first = np.repeat(signal[:, None], SCORES, axis=1)
    heads = np.repeat(signal[:, None], len(SHIPPED_HEADS), axis=1).astype(np.float32)

    told = join(unready(), first, heads, rows, np.where(foreign, "de", "en").tolist())
    untold = join(unready(), first, heads, rows, ["en"] * len(rows))

    assert (told.first_ > untold.first_ + 0.1).all()


def area(scores: np.ndarray, bad: np.ndarray) -> float:
    """The share of pairs of a bad and a plain comment that the scores rank rightly."""
    return float((scores[bad > 0.5][:, None] > scores[bad < 0.5]).mean())
