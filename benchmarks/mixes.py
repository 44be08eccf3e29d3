"""Which mix of heads for toxicity tells toxic news comments best: docs/decisions/model-toxicity.md.

The validation part has a few hundred news comments, too few to tell mixes apart. So the network is
trained four times, each time without a fourth of the news comments that train, nor any copy, cut-up
or sentence of them, and judges those. Half an hour; needs the extra "teacher". What the teachers
said of other texts is used, and they had read those news comments: that is the same for each mix.
Linear heads, a fifth of each shipped logit, are left out. A second table does the same for the
discount of a long comment's passages.

    python -m benchmarks.mixes [DATA_DIR]        (default ../shared/data)
"""

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models import network
from models.evaluate.measures import auc
from models.network import PASSAGE_DISCOUNT, TokenNetwork
from models.outputs import MIXES, SHARPNESS, OutputLayer, Scale, fit_scale
from models.progress import Progress, Say
from models.text import Normaliser
from models.train.build import network_logits
from models.train.distil import Lessons, lessons_of, network_of
from models.train.folds import digest_of
from models.train.gather import gather, lexicon_pairs
from models.train.rows import Row
from models.train.toxicity_rows import HEADS, SENTENCE
from models.train.words import make_lexicon

FOLDS = 4
SHARED_CHARS_MIN = 15
"""A sentence so long counts as the same comment's, wherever it is."""
CLEAN_SOURCES = ("civil_care", "civil_autolabel", "civil_sociosim")
TOXIC_SOURCE = "civil_spans"
FOUND_AT = np.linspace(0.005, 0.02, 7)
FLAGGED_AT = np.linspace(0.01, 0.035, 6)
DISCOUNTS = (math.inf, 3.0, 2.0, PASSAGE_DISCOUNT, 0.7)
"""At infinity no passage is heard."""
BEFORE = {"toxic": 1.0, "imp": 1.5, "civil": 1.0, "rated": 0.5}
TRIED: Sequence[tuple[Mapping[str, float], float]] = (
    (BEFORE, 0),
    *((BEFORE, sharpness) for sharpness in (1, 2, 3)),
    (MIXES["toxicity"], SHARPNESS["toxicity"]),
    *((MIXES["toxicity"], sharpness) for sharpness in (0, 1, 2, 3)),
    (BEFORE | {"civil": 1.5}, 0),
    (BEFORE | {"civil": 1.5}, 2),
    (BEFORE | {"toxic": 2.0, "civil": 2.0}, 2.5),
    (BEFORE | {"toxic": 2.5, "rated": 0.8, "obscene": 0.2}, 0),
    (BEFORE | {"obscene": 0.5}, 0),
    (BEFORE | {"rated": 1.0}, 0),
)

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """Logits, shape (rows, heads), from a network that has not seen some news comments.

    `on_news` are of these, `on_validation` of the validation rows; `scale` is that of the plain
    ones among the latter.
    """

    news: list[Row]
    on_news: Singles
    on_validation: Singles
    scale: Scale


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    lessons = lessons_of(folder, 0)
    sentences = [_sentences(text) for text in lessons.texts]
    rows = gather(folder)
    normaliser = Normaliser(make_lexicon(lexicon_pairs(rows)))
    chosen = [r for r, fold in zip(rows.toxicity, rows.folds, strict=True) if fold == "validation"]
    texts = [normaliser.normalise(row.text).text for row in chosen]
    with Progress(FOLDS) as say:
        taught = [_taught(lessons, sentences, fold, say) for fold in range(FOLDS)]
    folds = [_judged(one, lessons, chosen, texts) for one in taught]
    print("| mix | sharpness | found | flagged | agrees with ratings | insults (impermium) |")
    print("|---|---|---|---|---|---|")
    for mix, sharpness in TRIED:
        each = " | ".join(f"{figure:.4f}" for figure in _measured(folds, chosen, mix, sharpness))
        name = ", ".join(f"{head} {weight:g}" for head, weight in mix.items())
        print(f"| {name} | {sharpness:g} | {each} |")
    print("\n| discount | found | flagged | agrees with ratings | insults (impermium) |")
    print("|---|---|---|---|---|")
    for discount in DISCOUNTS:
        network.PASSAGE_DISCOUNT = discount
        folds = [_judged(one, lessons, chosen, texts) for one in taught]
        figures = _measured(folds, chosen, MIXES["toxicity"], SHARPNESS["toxicity"])
        print(f"| {discount:g} | {' | '.join(f'{figure:.4f}' for figure in figures)} |")


def _taught(
    lessons: Lessons, sentences: Sequence[frozenset[str]], fold: int, say: Say
) -> tuple[TokenNetwork, list[int]]:
    """Return a network, and which lessons are news comments that it has not seen."""
    out = [at for at, row in enumerate(lessons.rows) if _is_news(row, fold)]
    return network_of(_without(lessons, sentences, out), say).ready(), out


def _judged(
    taught: tuple[TokenNetwork, list[int]],
    lessons: Lessons,
    validation: Sequence[Row],
    validation_texts: Sequence[str],
) -> Judged:
    judge, out = taught
    on_news = network_logits(judge, [lessons.texts[at] for at in out])
    on_validation = network_logits(judge, validation_texts)
    plain = [at for at, row in enumerate(validation) if row.labels.get("any") == 0.0]
    news = [lessons.rows[at] for at in out]
    return Judged(news, on_news, on_validation, fit_scale(on_validation[plain]))


def _is_news(row: Row, fold: int) -> bool:
    # Other digits than those that part test, validation and training rows.
    digits = digest_of(row.whole)[16:24]
    return row.source.startswith("civil") and int(digits, 16) % FOLDS == fold


def _sentences(text: str) -> frozenset[str]:
    """Return a text and its longer sentences."""
    parts = (one.strip() for one in SENTENCE.findall(text))
    return frozenset([text, *(one for one in parts if len(one) >= SHARED_CHARS_MIN)])


def _without(lessons: Lessons, sentences: Sequence[frozenset[str]], out: Sequence[int]) -> Lessons:
    """Return the lessons that share nothing with those that are left out."""
    origins = {lessons.rows[at].whole for at in out}
    # A copy with another group in it has other sentences, which may be in cut-ups.
    copies = [at for at, row in enumerate(lessons.rows) if row.whole in origins]
    known = frozenset[str]().union(*(sentences[at] for at in copies))
    use = [at for at, mine in enumerate(sentences) if known.isdisjoint(mine)]
    rows = [lessons.rows[at] for at in use if at < len(lessons.rows)]
    texts = [lessons.texts[at] for at in use]
    return Lessons(rows, texts, lessons.labels[use], lessons.weights[use])


def _measured(
    folds: Sequence[Judged], validation: Sequence[Row], mix: Mapping[str, float], sharpness: float
) -> tuple[float, float, float, float]:
    """Return four figures of a mix.

    Toxic news comments found, mean over FOUND_AT false positives on plain ones; plain ones flagged,
    mean over the thresholds of FLAGGED_AT on plain Wikipedia; AUC of our own ratings of news
    comments, half and more of the readers; AUC of Impermium's insults, mean of the networks.
    """
    layers = [
        OutputLayer.of(HEADS, fold.scale, {"toxicity": mix}, {"toxicity": sharpness})
        for fold in folds
    ]
    pairs = list(zip(layers, folds, strict=True))
    on_news = [layer(fold.on_news)[:, 0] for layer, fold in pairs]
    on_validation = [layer(fold.on_validation)[:, 0] for layer, fold in pairs]
    plain = [scores[_is_plain(fold.news)] for scores, fold in zip(on_news, folds, strict=True)]
    news = [row for fold in folds for row in fold.news]
    is_toxic = [row.source == TOXIC_SOURCE for row in news]
    scores = np.concatenate(on_news)
    limits = np.quantile(np.concatenate(plain), 1 - FOUND_AT)
    is_wikipedia = [row.source == "jigsaw" and row.labels["toxic"] < 0.5 for row in validation]
    flagged = [
        mine[:, None] >= np.quantile(others[is_wikipedia], 1 - FLAGGED_AT)
        for mine, others in zip(plain, on_validation, strict=True)
    ]
    insult = _labels(validation, "imp")
    return (
        float((scores[is_toxic][:, None] >= limits).mean()),
        float(np.concatenate(flagged).mean()),
        _area(_labels(news, "rated"), scores),
        float(np.mean([_area(insult, one) for one in on_validation])),
    )


def _is_plain(news: Sequence[Row]) -> Flags:
    source = np.array([row.source for row in news])
    return np.asarray(np.isin(source, CLEAN_SOURCES) & (_labels(news, "civil") < 0.5))


def _area(labels: Floats, scores: Floats) -> float:
    known = ~np.isnan(labels)
    return auc(labels[known] >= 0.5, scores[known])


def _labels(rows: Sequence[Row], head: str) -> Floats:
    return np.array([row.labels.get(head, np.nan) for row in rows])


if __name__ == "__main__":
    main()
