"""The scorer: any text gives finite scores, and only intact, trusted files load."""

import json
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skops.io import dump

from models.document import Document
from models.errors import ModelError
from models.outputs import LABELS
from models.predict import Scorer
from models.registry import MODEL_FILE, file_hash, load_pipeline, newest
from models.train.ship import write_model

STRANGE = [
    "",
    " ",
    "\x00",
    "\ud800",
    "a\ud800\x00b",
    "\u0301" * 50,
    "👍",
    "a" * 1_000_000,
    "<" * 500,
]


@pytest.mark.parametrize("body", STRANGE, ids=range(len(STRANGE)))
def test_strange_text_has_finite_scores(scorer: Scorer, body: str) -> None:
    scores = scorer.score([Document(body)])[0].scores
    assert tuple(scores) == LABELS
    assert all(0 <= value <= 1 for value in scores.values())


@given(st.text(alphabet=st.characters(codec=None), max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_text_has_finite_scores(scorer: Scorer, body: str) -> None:
    document = Document(body, author_name=body, author_email=body, author_url=body)
    scores = scorer.score([document])[0].scores
    assert np.isfinite(list(scores.values())).all()


def test_rude_comment_scores_above_a_plain_one(scorer: Scorer) -> None:
    rude, plain = scorer.score([Document("you stupid idiot"), Document("the new bridge")])
    assert rude.scores["toxicity"] > plain.scores["toxicity"]


def test_advertisement_scores_above_a_plain_comment(scorer: Scorer) -> None:
    documents = [Document("buy cheap pills at my casino site"), Document("people like the park")]
    spam, plain = scorer.score(documents)
    assert spam.scores["spam"] > plain.scores["spam"]


def test_keyword_author_with_url_raises_spam(scorer: Scorer) -> None:
    body = "people like the quiet park"
    robot = Document(body, author_name="cheap loans", author_url="http://loans.example/x")
    reader = Document(body, author_name="Ann Miller", author_url="")
    judged = scorer.score([robot, reader])
    assert judged[0].scores["spam"] > judged[1].scores["spam"]


def test_score_does_not_depend_on_neighbours(scorer: Scorer) -> None:
    alone = scorer.score([Document("the new bridge")])[0]
    among = scorer.score([Document("x y z"), Document("the new bridge"), Document("")])[1]
    assert list(alone.scores.values()) == pytest.approx(list(among.scores.values()), rel=1e-4)


def test_no_documents_give_no_judgements(scorer: Scorer) -> None:
    assert scorer.score([]) == []


def test_emoji_alone_are_unfamiliar_text(scorer: Scorer) -> None:
    assert scorer.score([Document("👍👍")])[0].flags == ("unfamiliar_text",)


def test_russian_is_an_unfamiliar_language(scorer: Scorer) -> None:
    flags = scorer.score([Document("привет как дела друзья мои")])[0].flags
    assert flags == ("unfamiliar_language",)


def test_threads_agree(scorer: Scorer) -> None:
    documents = [Document(f"the new bridge number {at} you idiot") for at in range(40)]
    expected = scorer.score(documents)
    results: list[object] = []
    threads = [
        threading.Thread(target=lambda: results.append(scorer.score(documents))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


def test_changed_model_file_is_refused(model_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "1.0")
    with (folder / MODEL_FILE).open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match="does not match its manifest"):
        Scorer.load(folder)


def test_missing_model_file_is_refused(model_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "1.0")
    (folder / MODEL_FILE).unlink()
    with pytest.raises(ModelError, match="is missing"):
        Scorer.load(folder)


def test_folder_without_manifest_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a model folder"):
        Scorer.load(tmp_path)


def test_untrusted_type_is_refused(tmp_path: Path) -> None:
    dump({"bad": threading.Thread}, tmp_path / MODEL_FILE)
    files = {MODEL_FILE: file_hash(tmp_path / MODEL_FILE)}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    with pytest.raises(ModelError, match="not trusted"):
        Scorer.load(tmp_path)


def test_a_model_whose_manifest_has_no_hash_is_refused(tmp_path: Path) -> None:
    dump({}, tmp_path / MODEL_FILE)
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {}}), encoding="utf-8")
    with pytest.raises(ModelError, match="no hash"):
        Scorer.load(tmp_path)


def test_newest_version_is_by_number(tmp_path: Path) -> None:
    for version in ("2026.9.1", "2026.10.1", "2026.10.0"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "manifest.json").write_text("{}", encoding="utf-8")
    assert newest(tmp_path).name == "2026.10.1"


def test_no_shipped_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="commentdesk train"):
        newest(tmp_path)


def test_disk_that_fills_up_leaves_the_model_that_was_there(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(model_folder, tmp_path / "2026.1.1"))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    written = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        written(path, data[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ModelError, match="No space left on device"):
        write_model(folder, load_pipeline(folder), {"version": "2026.1.1"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_model_that_tells_other_kinds_of_comments_apart_is_refused(
    model_folder: Path, tmp_path: Path
) -> None:
    pipeline = load_pipeline(model_folder)
    pipeline["classify"].spam_slope_ = pipeline["classify"].spam_slope_[:-1]
    other = write_model(tmp_path / "2026.1.2", pipeline, {"version": "2026.1.2"})
    with pytest.raises(ModelError, match=r"another version of commentdesk.*train it anew"):
        Scorer.load(other)


def test_model_that_mixes_its_heads_in_another_way_is_refused(
    model_folder: Path, tmp_path: Path
) -> None:
    pipeline = load_pipeline(model_folder)
    del pipeline["classify"].today_slope_
    other = write_model(tmp_path / "2026.1.3", pipeline, {"version": "2026.1.3"})
    with pytest.raises(ModelError, match=r"another version of commentdesk.*train it anew"):
        Scorer.load(other)
