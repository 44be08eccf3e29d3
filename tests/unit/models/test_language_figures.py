"""Figures of other languages, as report and card show them."""

from pathlib import Path

from sklearn.pipeline import Pipeline

from models.card import write_card
from models.document import Document
from models.evaluate.languages import Language, flagged_share, language_table
from models.evaluate.table import Measured
from tests.fakes import FakeScorer

RUSSIAN = Language("Russian chat", "spam", 566, 0.91994, 1.0)


def test_share_of_flagged_comments_is_counted() -> None:
    documents = [Document(body) for body in ("ALIEN", "plain", "ALIEN one", "ALIEN two")]
    assert flagged_share(FakeScorer(), documents) == 0.75  # type: ignore[arg-type]  # a fake


def test_card_shows_each_languages_figures(tmp_path: Path) -> None:
    manifest = {"version": "1", "date": "2026-11-26", "rows": {"quay": 3}, "policy": {}}
    table = [Measured("AUC", float("nan"), 0.9, 0.8, 0.95)]
    path = tmp_path / "card.md"
    write_card(path, Pipeline([("none", "passthrough")]), manifest, table, [RUSSIAN])
    text = path.read_text(encoding="utf-8")
    assert language_table([RUSSIAN]) in text
    assert "| Russian chat | spam | 566 | 0.920 | 100% |" in text
