"""The textbook build's model: TF-IDF of words and characters, one logistic regression a score.

Trained on first use (a few minutes) and kept outside of the checkout. Without ../shared/data it is
trained on texts of our own: as fast or slow as the real one, though its verdicts mean nothing.
"""

import random
import tempfile
from pathlib import Path

import joblib
import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, Pipeline

from benchmarks import comments

CACHE = Path(tempfile.gettempdir()) / "commentdesk-benchmarks"
JIGSAW = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")
SCORES = (
    "toxicity", "severe_toxicity", "profanity", "threat", "insult", "identity_attack", "spam",
)  # fmt: skip
ROWS_MAX = 12_000
SPAM_ROWS_MAX = 1_500


def pipeline() -> Pipeline:
    """The untrained pipeline: scikit-learn's own vectorisers, configured as one would."""
    words = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, min_df=2, max_features=100_000, dtype=np.float32
    )
    characters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2,
        max_features=200_000, dtype=np.float32,
    )  # fmt: skip
    features = FeatureUnion([("words", words), ("characters", characters)])
    heads = OneVsRestClassifier(LogisticRegression(solver="liblinear", C=4.0))
    return Pipeline([("features", features), ("heads", heads)])


def trained() -> Pipeline:
    """The trained pipeline, from the cache or made now."""
    kind = "real" if comments.DATA.is_dir() else "own"
    file = CACHE / f"textbook-{kind}-3.joblib"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        texts, labels = _rows() if kind == "real" else _own_rows()
        joblib.dump(pipeline().fit(texts, labels), file)
    model: Pipeline = joblib.load(file)
    return model


def scores(model: Pipeline, texts: list[str]) -> list[dict[str, float]]:
    """All scores of some texts."""
    return [dict(zip(SCORES, map(float, row), strict=True)) for row in model.predict_proba(texts)]


def _rows() -> tuple[list[str], npt.NDArray[np.int8]]:
    chance = random.Random(comments.SEED)  # noqa: S311  # no secret
    rows = [(t, (*y, 0)) for t, y in comments.labelled("toxicity/jigsaw_wikipedia", JIGSAW)]
    chance.shuffle(rows)
    spam = [(t, (0,) * 6 + (1,)) for t, _ in comments.labelled("spam/blog_spam", ())]
    ham = [(t, (0,) * 7) for t, _ in comments.labelled("spam/blog_ham_haacked", ())]
    rows = rows[:ROWS_MAX] + spam[:SPAM_ROWS_MAX] + ham[:SPAM_ROWS_MAX]
    return [text for text, _ in rows], np.array([labels for _, labels in rows], dtype=np.int8)


def _own_rows() -> tuple[list[str], npt.NDArray[np.int8]]:
    chance = random.Random(comments.SEED)  # noqa: S311  # no secret
    texts = [item["body"] for item in comments.comments(ROWS_MAX)]
    labels = [[chance.random() < 0.2 for _ in SCORES] for _ in texts]
    return texts, np.array(labels, dtype=np.int8)
