"""How well comments in other languages are judged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.document import Document
from models.evaluate.measures import auc
from models.evaluate.spam import SpamLab
from models.evaluate.table import markdown_table
from models.evaluate.toxicity import Judge, all_rows, test_rows
from models.languages import foreign_share
from models.predict import Scorer
from models.spam_rule import mixed_spam, routes

ROWS_MAX = 2000
TOXIC = (
    ("German tweets (test part)", "germeval2018_test", "offensive", all_rows),
    ("German Facebook page (never trained on)", "germeval2021_facebook", "toxic", all_rows),
    ("Romanian sports news", "ro_offense_sport", "offensive", test_rows),
    ("Korean news (BEEP)", "korean_beep", "offensive", test_rows),
    ("Portuguese news (never trained on)", "offcombr_g1", "offensive", all_rows),
)
"""Name, file, the column of what is toxic, and which rows did not train."""
SPAM = (
    ("Indonesian YouTube comments", "youtube_indonesian", 0.0),
    ("Russian chat", "telegram", 0.5),
)
"""Name, site, and the least share of letters outside the Latin script."""


@dataclass(frozen=True, slots=True)
class Language:
    """What one score is worth in one language. `flagged`: share that is marked unfamiliar."""

    name: str
    score: str
    rows: int
    auc: float
    flagged: float


def toxic_languages(folder: Path, judge: Judge, scorer: Scorer) -> list[Language]:
    """Return what `toxicity` is worth in other languages."""
    result: list[Language] = []
    for name, file, column, unseen in TOXIC:
        rows = unseen(folder, file).picked(ROWS_MAX)
        value = auc(rows.labels(column), judge.toxicity(rows.texts))
        documents = [Document(text) for text in rows.texts]
        result.append(
            Language(name, "toxicity", len(rows), value, flagged_share(scorer, documents))
        )
    return result


def spam_languages(lab: SpamLab, unseen: npt.NDArray[np.float32], scorer: Scorer) -> list[Language]:
    """Return what `spam` is worth in other languages, by heads that never saw the site.

    A language without a comment is left out. `unseen` are the spam heads' logits of all rows,
    shape (rows, heads).
    """
    logits = mixed_spam(unseen, routes(lab.design.meta))
    result: list[Language] = []
    for name, site, foreign_min in SPAM:
        at = [
            index
            for index, row in enumerate(lab.rows)
            if row.site == site and foreign_share(row.document.body) >= foreign_min
        ]
        if not at:
            continue
        truth = np.array([float(lab.rows[index].spam) for index in at])
        documents = [lab.rows[index].document for index in at[:ROWS_MAX]]
        flagged = flagged_share(scorer, documents)
        result.append(Language(name, "spam", len(at), auc(truth, logits[at]), flagged))
    return result


def flagged_share(scorer: Scorer, documents: Sequence[Document]) -> float:
    """Return the share of documents that are flagged as unfamiliar."""
    return float(np.mean([bool(one.flags) for one in scorer.score(documents)]))


def language_table(found: Iterable[Language]) -> str:
    """Return the figures as a Markdown table."""
    rows = (
        (one.name, one.score, f"{one.rows:,}", f"{one.auc:.3f}", f"{one.flagged:.0%}")
        for one in found
    )
    return markdown_table(("language", "score", "n", "AUC", "flagged unfamiliar"), rows)
