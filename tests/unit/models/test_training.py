"""Training on a small folder: the right folds, clear errors."""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from models.cli import evaluate, train
from models.document import Document
from models.errors import ModelError
from models.registry import MANIFEST_FILE, load_pipeline
from models.train import run
from models.train.folds import fold_of
from models.train.rows import records
from models.train.spam_rows import SpamRow, capped, spun, with_dropped_fields
from models.train.toxicity_rows import english_rows, sentences


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch, model_folder: Path) -> None:
    monkeypatch.setattr(run, "newest", lambda: model_folder)


def test_manifest_names_data_and_policy(
    shipped: None, data_folder: Path, model_folder: Path
) -> None:
    manifest = json.loads((model_folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    bounds = manifest["policy"].values()
    assert all(0 <= one["hold"] <= (one["reject"] or 1) <= 1 for one in bounds)
    assert manifest["rows"]["jigsaw"] > 0
    assert 0 <= manifest["validation"]["toxicity"] <= 1
    assert "toxicity/jigsaw_wikipedia.csv.gz" in run.data_files(data_folder)


def test_missing_data_file_is_named(shipped: None, tmp_path: Path) -> None:
    result = CliRunner().invoke(train, [str(tmp_path)])
    assert result.exit_code == 2
    assert "jigsaw_wikipedia.csv.gz is missing" in result.output


def test_evaluation_of_no_model_says_so(data_folder: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(evaluate, [str(data_folder), "--model", str(tmp_path)])
    assert result.exit_code == 2
    assert "not a model folder" in result.output


def test_test_rows_never_train(data_folder: Path, model_folder: Path) -> None:
    words = load_pipeline(model_folder)["read"].words_.split("\n")
    assert "idiot" in words
    assert {fold_of(f"text {at}") for at in range(50)} == {"train", "validation", "test"}


def test_copies_fall_on_one_side() -> None:
    assert fold_of("You are WRONG!") == fold_of("you are wrong")


def test_sentence_of_a_post_keeps_the_posts_fold(data_folder: Path) -> None:
    cut = [row for row in english_rows(data_folder) if row.source == "civil_plain"]
    assert cut
    assert all(row.text in row.origin or row.text.split(".")[0] in row.origin for row in cut)


def test_sentences_are_split_by_mark() -> None:
    text = "This one is marked here. This one is not marked."
    assert sentences(text, {3}) == (["This one is marked here."], [" This one is not marked."])


def test_campaign_is_capped() -> None:
    rows = [SpamRow(Document(f"buy {at}"), True, "a", "blog", group="x") for at in range(20)]
    assert len(list(capped(rows))) == 5


def test_spintax_is_expanded() -> None:
    assert spun("{a|a} b {c|{c|c}}", np.random.default_rng(0)) == "a b c"


def test_dropped_field_is_unknown_not_empty() -> None:
    row = SpamRow(Document("x", author_name="n", author_url="u"), True, "a", "blog")
    fields = {one.document.author_url for one in with_dropped_fields([row] * 50)}
    assert fields == {"u", None}


@pytest.mark.parametrize("flag", ["--student", "--teacher", "--second-stage"])
def test_distilling_without_torch_says_what_to_install(
    flag: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "models.train.distil", None)
    monkeypatch.setitem(sys.modules, "models.train.encoder", None)
    result = CliRunner().invoke(train, [str(data_folder), flag])
    assert result.exit_code == 2
    assert f"{flag} needs torch: install the extra" in result.output


@pytest.mark.parametrize("other", ["--student", "--second-stage"])
def test_what_is_trained_is_one_thing(data_folder: Path, other: str) -> None:
    result = CliRunner().invoke(train, [str(data_folder), "--teacher", other])
    assert result.exit_code == 2
    assert "Give one of" in result.output


@pytest.mark.parametrize("cell", ["", "yes", "2", "nan"])
def test_cell_that_is_no_label_is_named(cell: str, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "x.csv.gz", "wt", encoding="utf-8") as file:
        file.write(f"text,toxic\nfine,1\nbad,{cell}\n")
    [_, bad] = records(tmp_path, "x")
    with pytest.raises(ModelError, match=r"x\.csv\.gz, row 2: toxic is no number from 0 to 1"):
        bad.number("toxic")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"x\.csv\.gz is missing"):
        list(records(tmp_path, "x"))
