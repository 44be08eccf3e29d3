"""What the network learns from beside labelled comments: contrasts, cut-ups, a teacher's words."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.train import pool
from models.train.contrast import CONDEMNED_SHARE, contrast
from models.train.kept import keep, kept, require_known, taught, together
from models.train.pool import cut_ups, of_our_own
from models.train.readers import SOURCE as READERS
from models.train.rows import Row

ATTACK = Row("You are a rotten liar", "jigsaw", {"toxic": 1.0, "insult": 1.0, "obscene": 1.0})


def test_contrasts_are_the_same_each_time_and_of_both_kinds() -> None:
    rows = list(contrast([ATTACK]))
    assert rows == list(contrast([ATTACK]))
    assert {row.labels.get("toxic") for row in rows} >= {0.0, 1.0}
    assert not [row.text for row in rows if "{" in row.text or " a i" in row.text]


def test_what_is_condemned_is_hardly_an_attack_any_more() -> None:
    [framed] = [row for row in contrast([ATTACK]) if row.origin]
    assert ATTACK.text in framed.text
    assert framed.labels == {"toxic": CONDEMNED_SHARE, "insult": CONDEMNED_SHARE}


def test_a_frame_falls_on_the_side_of_what_it_frames() -> None:
    [framed] = [row for row in contrast([ATTACK]) if row.origin]
    assert framed.origin == ATTACK.text


@pytest.mark.parametrize(
    "text", ["You liar", "You are " + "a liar and " * 12 + "a thief", "You are\na rotten liar"]
)
def test_only_one_line_of_fit_length_is_framed(text: str) -> None:
    rows = contrast([Row(text, "jigsaw", {"insult": 1.0})])
    assert not [row for row in rows if row.origin]


def test_cut_ups_are_made_of_sentences_of_the_texts_that_count() -> None:
    texts = ["One is here. Two is there. Three is gone.", "Never this one. Nor that."]
    found = list(cut_ups(texts, [1.0, 0.0], 50, np.random.default_rng(0)))
    assert len(found) == 50
    assert not [text for text in found if "Never" in text or "Nor" in text]
    assert {"One is here.", "Two is there. Three is gone."} & set(found)


def test_cut_ups_of_our_own_hold_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "OWN_CUT_UPS", 40)
    rows = [Row("Ours.", READERS, {}), Row("Theirs.", "jigsaw", {}), Row("Also ours.", READERS, {})]
    found = of_our_own(rows, [row.text for row in rows])
    assert len(found) == 40
    assert not [text for text in found if "Theirs" in text]
    assert found == of_our_own(rows, [row.text for row in rows])
    assert of_our_own(rows[1:2], ["Theirs."]) == []


def test_teachers_speak_with_one_voice_where_each_knows_the_text() -> None:
    first = np.array([[-1.0, np.nan], [60.0, 0.0]], dtype=np.float32)
    second = np.array([[1.0, 2.0], [60.0, 0.0]], dtype=np.float32)
    assert together([first, second]) == pytest.approx(np.array([[0, 2], [8, 0]]), abs=1e-2)


def test_what_a_teacher_said_is_kept_to_a_few_hundredths(tmp_path: Path) -> None:
    logits = np.array([[-9.0, 0.3], [np.nan, 2.0]], dtype=np.float32)
    start = np.array([[0.5, -1.0], [0.0, 0.0]], dtype=np.float32)
    keep(tmp_path / "kept" / "teacher.npz", ["a", "b"], logits, start)
    said, embeddings = kept(tmp_path / "kept" / "teacher.npz", ["a", "b"])
    expected = 1 / (1 + np.exp(-np.clip(logits, -8, 8)))
    assert np.isnan(said[1, 0])
    np.testing.assert_allclose(said, expected, atol=0.01)
    np.testing.assert_allclose(embeddings, start, atol=0.005)


def test_a_teacher_knows_the_texts_it_read_in_any_order_and_no_others(tmp_path: Path) -> None:
    logits = np.array([[-2.0], [2.0]], dtype=np.float32)
    keep(tmp_path / "teacher.npz", ["a", "b"], logits, np.zeros((1, 1), np.float32))
    said, _ = kept(tmp_path / "teacher.npz", ["b", "c", "a"])
    np.testing.assert_allclose(said[:, 0], [0.88, np.nan, 0.12], atol=0.01)


def test_a_teacher_that_read_other_texts_teaches_no_network() -> None:
    require_known(np.array([[0.1], [np.nan]], dtype=np.float32))
    with pytest.raises(ModelError, match="other texts"):
        require_known(np.array([[0.1], [np.nan], [np.nan]], dtype=np.float32))


def test_people_and_teacher_count_alike_where_both_speak() -> None:
    labels = np.array([[1.0, np.nan, 0.0, np.nan]], dtype=np.float32)
    said = np.array([[0.5, 0.2, np.nan, np.nan]], dtype=np.float32)
    np.testing.assert_allclose(taught(labels, said), [[0.75, 0.2, 0.0, np.nan]])


def test_a_missing_teacher_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="--teacher"):
        kept(tmp_path / "teacher.npz", ["a"])
