"""Video comments that nobody labelled, and what the video heads learn from them."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from models.document import Document
from models.features import BUCKETS
from models.spam import META
from models.spam_rule import SPAM_HEADS
from models.text import SIGNALS
from models.train.crawl import EVERY, TESTED_VIDEO, Crawl, video_texts
from models.train.spam_fit import VIDEO_HEADS, fit_spam
from models.train.spam_rows import SpamRow

PITCH = "Everybody please visit my new channel for free harbour tours"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "spam").mkdir()
    return tmp_path


def write(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    with gzip.open(folder / "spam" / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["text", "video"])
        writer.writeheader()
        writer.writerows(rows)


def crawl_of(folder: Path, *texts: str, video: str = "quay", labelled: str = "known") -> list[str]:
    write(folder, "youtube_uci", [{"text": labelled, "video": "Youtube04-Eminem"}])
    write(folder, "youtube_unlabelled", [{"text": text, "video": video} for text in texts])
    return [("campaign " if one.campaign else "") + one.body for one in video_texts(folder)]


def test_a_long_text_that_came_twice_is_a_campaign(folder: Path) -> None:
    found = crawl_of(folder, PITCH, "what a fine ferry", PITCH.upper() + "!! 2013")
    assert found == ["campaign " + PITCH]


def test_short_texts_are_repeated_by_readers_too(folder: Path) -> None:
    assert crawl_of(folder, "love this song", "love this song") == ["love this song"]


def test_one_in_every_few_of_the_others_is_read(folder: Path) -> None:
    lines = [f"the ferry {word}" for word in ("leaves", "waits", "sinks", "returns", "rests", "is")]
    assert crawl_of(folder, *lines) == lines[::EVERY]


def test_what_measures_is_left_out(folder: Path) -> None:
    assert crawl_of(folder, PITCH, PITCH, video=TESTED_VIDEO) == []
    assert crawl_of(folder, PITCH, PITCH, labelled=PITCH + " https://a.example") == []


def columns(*used: int) -> sparse.csr_matrix:
    width = BUCKETS + len(SIGNALS) + len(META)
    ones = (np.ones(len(used), np.float32), (np.arange(len(used)), used))
    return sparse.csr_matrix(ones, shape=(len(used), width))


def test_video_heads_learn_words_from_campaigns() -> None:
    rows = [
        SpamRow(Document(str(at)), at % 2 == 1, site, medium)
        for site, medium in (("youtube:quay", "chat"), ("fair", "blog"))
        for at in range(4)
    ]
    features, everyone = columns(1, 2, 1, 2, 1, 2, 1, 2), np.ones(len(rows), dtype=bool)

    def weights(campaign: bool) -> dict[str, float]:
        crawl = Crawl(columns(*[3] * 30), np.full(30, campaign))
        fitted = fit_spam(features, rows, everyone, crawl)
        return {head: float(one[0][3]) for head, one in zip(SPAM_HEADS, fitted, strict=True)}

    learnt, guessed = weights(campaign=True), weights(campaign=False)
    assert all(learnt[head] > guessed[head] + 0.1 for head in VIDEO_HEADS)
    assert all(learnt[head] == 0 for head in SPAM_HEADS if head not in VIDEO_HEADS)
