"""Joins an encoder to the first stage, on validation rows, and writes the second stage."""

from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.calibrate import fit_platt
from models.document import Document
from models.errors import ModelError
from models.network import TokenNetwork
from models.predict import Scorer
from models.progress import Say
from models.registry import model_hash, newest
from models.second import READ_FROM, SecondStage, are_suspicious, vocabulary_hash
from models.train.calibration import toxicity_layer
from models.train.gather import gather
from models.train.rows import Row
from models.train.run import SEED, data_files
from models.train.ship import checked, write_model
from models.train.templates import TEXTS
from models.train.truth import natural_truth

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

VERSION = "minilm-2026.11.11"
DATE = "2026-11-28"
NOTICE = TEXTS / "second_stage_notice.txt"
FIRST_SHARE = 0.4
"""Of the first stage in the joined logits, before calibration. From .3 to .5 validation rows are
ranked alike; more of the encoder knows contexts better, more of the first stage knows words."""
STAGES = 6
"""What a run says that it begins."""


def train_second_stage(data_folder: Path, output: Path | None, say: Say) -> Path:
    """Train a second stage for the newest shipped model, write its folder and return it.

    Raises ModelError if torch is not installed.
    """
    try:
        from models.train.encoder import fit_encoder  # noqa: PLC0415 - the extra "teacher"
    except ImportError:
        raise ModelError("--second-stage needs torch: install the extra 'teacher'.") from None
    folder = checked(output or Path("second_stage") / VERSION)
    first = newest()
    scorer = Scorer.load(first)
    stage = unjoined(fit_encoder(data_folder, say), scorer.pipeline["classify"].network_)
    joined(stage, scorer, data_folder, say)
    return write_second_stage(folder, stage, first, data_folder)


def unjoined(graph: npt.NDArray[np.uint8], network: TokenNetwork) -> SecondStage:
    """Return a second stage that knows its encoder and not yet how to use it."""
    stage = SecondStage()
    stage.graph_ = graph
    stage.vocabulary_ = vocabulary_hash(network.vocabulary_)
    return stage


def joined(stage: SecondStage, scorer: Scorer, data_folder: Path, say: Say) -> SecondStage:
    """Choose how the scores of both stages are joined, and calibrate them, on validation rows."""
    say("reads the data")
    rows = gather(data_folder)
    kept = [r for r, fold in zip(rows.toxicity, rows.folds, strict=True) if fold == "validation"]
    say(f"the first stage reads {len(kept):,} comments")
    classifier = scorer.pipeline["classify"]
    batch = scorer.pipeline["read"].transform([Document(row.text) for row in kept])
    first = classifier.abuse_logits(classifier.head_logits(batch), batch, again=False)
    say("the encoder reads them")
    heads = copy(stage).ready(classifier.network_).read(batch.texts)
    say("calibrates")
    return join(stage, first, heads, kept, batch.languages)


def join(
    stage: SecondStage, first: Floats, heads: Singles, rows: list[Row], languages: list[str]
) -> SecondStage:
    """Fit the joining numbers to calibrated logits of the first stage, and the encoder's heads.

    Method: a weighted mean of the first stage's score and of the encoder's own, which are
    calibrated, then Platt scaling on the rows that are read twice.
    """
    layer = toxicity_layer(heads, rows)
    mean = FIRST_SHARE * first + (1 - FIRST_SHARE) * layer(heads)
    read = are_suspicious(first[:, 0], languages)
    slopes, offsets = np.ones(len(layer.labels)), np.zeros(len(layer.labels))
    for column, score in enumerate(layer.labels):
        truth = natural_truth(rows, score)
        use = read[truth.index]
        logits = mean[truth.index[use], column]
        platt = fit_platt(logits, truth.labels[use], truth.weights[use])
        slopes[column], offsets[column] = platt.slope, platt.offset
    stage.first_ = FIRST_SHARE * slopes
    stage.layer_ = layer.moved((1 - FIRST_SHARE) * slopes, offsets)
    return stage


def write_second_stage(folder: Path, stage: SecondStage, first: Path, data_folder: Path) -> Path:
    """Write a second stage, what it says of itself, a notice of its origin; return the folder.

    `first` is the folder of the model that it was joined to.
    """
    manifest: dict[str, Any] = {
        "version": folder.name,
        "date": DATE,
        "seed": SEED,
        "first_stage": first.name,
        "first_stage_sha256": model_hash(first),
        "data": data_files(data_folder),
        "read_from": READ_FROM,
        "first_share": FIRST_SHARE,
    }
    write_model(folder, stage, manifest)
    (folder / "NOTICE").write_bytes(NOTICE.read_bytes())
    return folder
