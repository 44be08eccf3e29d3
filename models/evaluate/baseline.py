"""The textbook model: TF-IDF of words and characters under logistic regressions."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

Floats = npt.NDArray[np.float64]


class Textbook:
    """Word (1,2) and char_wb (2,5) TF-IDF with one logistic regression a label (C = 4)."""

    def __init__(self) -> None:
        words = TfidfVectorizer(
            ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=100_000
        )
        characters = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(2, 5),
            min_df=3,
            sublinear_tf=True,
            max_features=200_000,
        )
        self.features = FeatureUnion([("words", words), ("characters", characters)])
        self.models: list[LogisticRegression] = []

    def fit(self, texts: Sequence[str], labels: npt.ArrayLike) -> "Textbook":
        """Fit on raw texts and 0/1 labels, shape (texts, labels)."""
        matrix = self.features.fit_transform(texts)
        for column in np.asarray(labels).T:
            model = LogisticRegression(C=4, solver="liblinear", dual=True, tol=0.1, random_state=0)
            self.models.append(model.fit(matrix, column))
        return self

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Return decision values, shape (texts, labels)."""
        matrix = self.features.transform(texts)
        return np.column_stack([model.decision_function(matrix) for model in self.models])
