"""The scorer: documents in, calibrated scores and reasons out."""

from collections.abc import Sequence
from pathlib import Path

from sklearn.pipeline import Pipeline

from models.asides import ABUSIVE_MARKUP, Asides
from models.calibrate import sigmoid
from models.classifier import CommentClassifier
from models.competence import flags
from models.document import Document
from models.errors import ModelError
from models.explain import explain, quotations
from models.judgement import Explanation, Judgement
from models.names import ABUSIVE_NAME, Names
from models.outputs import LABELS
from models.rare_abuse import UNFAMILIAR_ABUSE, UNFAMILIAR_SLUR
from models.registry import (
    load_pipeline,
    load_second_stage,
    model_hash,
    newest,
    read_manifest,
)
from models.spam_rule import ROUTES

EXPLAINABLE = (*LABELS, UNFAMILIAR_SLUR, UNFAMILIAR_ABUSE)
"""Scores and flags that an explanation can be asked for."""
BATCH_ROWS = 64
"""Larger batches leave the processor's cache and get slower."""


class Scorer:
    """Scores and explains documents; safe to share between threads."""

    def __init__(self, version: str, pipeline: Pipeline) -> None:
        self.version = version
        self.pipeline = pipeline
        self._reader = pipeline.named_steps["read"].ready()
        self._classifier = pipeline.named_steps["classify"]
        self._classifier.network_.ready()
        self._names = Names(self._reader.normaliser, self._classifier.network_toxicity)
        self._asides = Asides(self._reader.normaliser, self._classifier.network_toxicity)

    @classmethod
    def load(cls, folder: Path | None = None, second: Path | None = None) -> "Scorer":
        """Return the scorer of a model folder, by default the newest shipped one.

        `second` is the folder of a second stage, which then has its name in the version. Raises
        ModelError if a file is missing, changed or holds unknown types, or the two do not fit.
        """
        # A link such as "current", and ".", are the same name for every model.
        folder = (folder or newest()).resolve()
        pipeline = load_pipeline(folder)
        if not _is_of_this_version(pipeline.named_steps["classify"]):
            raise ModelError(
                f"The model in {folder} was trained by another version of commentdesk, which mixed "
                "its heads in another way: train it anew."
            )
        if second is None:
            return cls(folder.name, pipeline)
        second = second.resolve()
        stage = load_second_stage(second)
        made_for = read_manifest(second)
        if made_for.get("first_stage_sha256") != model_hash(folder):
            raise ModelError(
                f"The second stage in {second} was made for model {made_for.get('first_stage')}, "
                f"not for the one in {folder}: train one with `commentdesk train --second-stage`, "
                "or do without."
            )
        scorer = cls(f"{folder.name}+{second.name}", pipeline)
        classifier = scorer.pipeline.named_steps["classify"]
        classifier.second = stage.ready(classifier.network_)
        return scorer

    def score(self, documents: Sequence[Document]) -> list[Judgement]:
        """Return a judgement for each document, whatever its text."""
        judgements: list[Judgement] = []
        for start in range(0, len(documents), BATCH_ROWS):
            judgements += self._score_batch(documents[start : start + BATCH_ROWS])
        return judgements

    def _score_batch(self, documents: Sequence[Document]) -> list[Judgement]:
        batch = self._reader.transform(documents)
        rows = sigmoid(self._classifier.decision_function(batch)).tolist()
        doubts = map(flags, batch.languages, batch.normals)
        abusive = self._names.abusive({one.author_name for one in documents if one.author_name})
        names = ((ABUSIVE_NAME,) if one.author_name in abusive else () for one in documents)
        found = self._asides.abusive([one.body for one in documents])
        asides = ((ABUSIVE_MARKUP,) if at in found else () for at in range(len(documents)))
        return [
            Judgement(dict(zip(LABELS, row, strict=True)), (*name, *aside, *doubt))
            for row, name, aside, doubt in zip(rows, names, asides, doubts, strict=True)
        ]

    def explain(self, document: Document, labels: Sequence[str]) -> list[Explanation]:
        """Return an explanation for each label, in the order asked for.

        Raises ValueError if one is not among EXPLAINABLE.
        """
        if unknown := set(labels).difference(EXPLAINABLE):
            raise ValueError(f"There is no explanation for {', '.join(sorted(unknown))}.")
        scored = [label for label in labels if label in LABELS]
        flagged = [label for label in labels if label not in LABELS]
        found = explain(self._reader, self._classifier, document, scored) if scored else []
        found += quotations(self._reader, document, flagged) if flagged else []
        return sorted(found, key=lambda one: labels.index(one.label))


def _is_of_this_version(classifier: CommentClassifier) -> bool:
    return hasattr(classifier, "today_slope_") and len(classifier.spam_slope_) == len(ROUTES)
