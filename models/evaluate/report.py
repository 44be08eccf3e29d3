"""Writes docs/model-report.md and its plots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.calibrate import sigmoid
from models.errors import ModelError
from models.evaluate.decisions import Article, Automatic, Function
from models.evaluate.hidden import ABUSE_CHARS_MAX, PLACES, Hidden
from models.evaluate.hidden_spam import SPAM_CHARS_MAX, Advertising
from models.evaluate.languages import Language, language_table
from models.evaluate.limit import Limit
from models.evaluate.natural import AtRates, Rejecting
from models.evaluate.reading import TOXIC_FROM, Read
from models.evaluate.table import Measured, markdown, markdown_table
from models.train.truth import Truth

Floats = npt.NDArray[np.float64]
Slice = tuple[str, int, float]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything one evaluation found."""

    version: str
    table: Sequence[Measured]
    calibration: Mapping[str, float]
    natural: Mapping[str, tuple[Floats, Truth]]
    automatic: Automatic
    rates: Sequence[AtRates]
    rejecting: Sequence[Rejecting]
    reading: Sequence[Read]
    limits: Sequence[Limit]
    functions: Sequence[Function]
    article: Article
    readers: Article
    hidden: Sequence[Hidden]
    advertising: Advertising
    lengths: Sequence[Slice]
    sources: Sequence[Slice]
    languages: Sequence[Language]
    identities: Mapping[str, Mapping[str, float]]
    worst: Sequence[str]


def rendered(found: Findings) -> str:
    """Return the report as Markdown."""
    parts = (
        f"# Model report: version {found.version}",
        _INTRODUCTION,
        f"## The table\n\n{markdown(found.table)}",
        f"## Calibration\n\n{_calibration(found)}",
        f"## Decided automatically\n\n{_automatic(found.automatic)}",
        f"### Where abuse and spam are rarer or more common\n\n{_rates(found.rates)}",
        f"### Read again by us\n\n{_reading(found.reading)}",
        f"### What the labels allow\n\n{_limits(found.limits)}",
        f"### What rejecting would do\n\n{_rejecting(found.rejecting)}",
        f"## Functional tests\n\n{_functions(found.functions)}",
        f"## One article's readers\n\n{_article(found.article)}",
        f"## Readers of many articles\n\n{_readers(found.readers)}",
        f"## Abuse within a long comment\n\n{_HIDDEN}{_hidden(found.hidden)}",
        f"## Spam within a long comment\n\n{_advertising(found.advertising)}",
        f"## Slices\n\n{_slices(found)}",
        f"## Worst mistakes\n\n{_WORST}",
        "\n".join(f"- {line}" for line in found.worst),
    )
    return "\n\n".join(parts) + "\n"


_INTRODUCTION = """Made by `commentdesk evaluate DATA_DIR`. Toxicity is measured on the test fifth
of each source (a hash of the text decides; those rows train nothing) and on sources that never
train (unhealthy_news, cat_wikipedia, news_globe_and_mail, identity_madlibs). Neither chooses
anything, but that the shipped mix of heads for toxicity is one of four that were measured on them,
and what a passage of a long comment counts for one of three ways, so that the rows of news are half
seen (docs/decisions: "The surest heads decide", "A long comment is in doubt").
Calibration and thresholds were chosen on a validation part of their own: a tenth of the rows
that are left, by another hash. "Textbook" is TF-IDF of words and characters under logistic
regressions on the Wikipedia comments alone, trained in the same run. "Head" is the output that
belongs to one source; "published" is the score that the service returns. Spam is judged by the
same heads trained anew without the site, video or years that they are tested on."""


_WORST = """Test rows of Wikipedia and news where toxicity is surest and wrong, named by the hash
of their text, with the words that drove the score. Texts are not shown."""


def _calibration(found: Findings) -> str:
    lines = ["| score | expected calibration error | rows |", "|---|---|---|"]
    for label, error in found.calibration.items():
        lines.append(f"| {label} | {error:.4f} | {len(found.natural[label][1].labels):,} |")
    return "\n".join(lines) + "\n\n![Reliability of each score](model-report/reliability.svg)"


def _automatic(one: Automatic) -> str:
    return (
        f"Natural mix: {_MIX}.\n\n"
        "| | share | error | upper 95 % bound | effective n |\n|---|---|---|---|---|\n"
        f"| approved | {one.approved:.3f} | {one.approve_error:.4f} | {one.approve_bound:.4f} "
        f"| {one.approve_rows:,.0f} |\n"
        f"| rejected | {one.rejected:.3f} | {one.reject_error:.4f} | {one.reject_bound:.4f} "
        f"| {one.reject_rows:,.0f} |\n\n"
        f"Decided without a person: **{one.share:.1%}**. {_BOUND}"
    )


_BOUND = """Wrong approvals are bounded as a sum of Poisson counts of
their weights (Fay and Feuer 1997): they are many and light, so that the effective n of all approved
rows says less than they do."""


def _rates(rows: Sequence[AtRates]) -> str:
    if not rows:
        return "This model has no thresholds for other shares."
    cells = [
        (
            f"{one.abuse:.0%}, {one.spam:.0%}",
            f"{one.hold['toxicity']:g}, {one.hold['spam']:g}",
            f"{one.decided.approved:.1%}",
            f"{one.decided.approve_error:.2%} (≤ {one.decided.approve_bound:.2%})",
            f"{one.found:.0%}",
            _article_share(one.article),
            f"{one.default.approved:.1%}, {one.default.approve_error:.2%}",
        )
        for one in rows
    ]
    titles = (
        "abuse, spam", "held from toxicity, spam", "approved", "wrong", "abuse and spam held",
        "of the article's comments approved: plain, abuse, spam", "by default: approved, wrong",
    )  # fmt: skip
    return _RATES + markdown_table(titles, cells)


def _article_share(article: Article) -> str:
    done = article.outcomes
    return ", ".join(f"{row['approve']} of {sum(row.values())}" for row in done.values())


_RATES = """In the natural mix 13 % of the comments are abuse or spam, as many as in the labelled
sources. A site that knows its own shares may set hold thresholds that were chosen for such shares
on validation comments, by the same promise: at most 1 % of what is approved is wrong. Here they are
measured on the test mix, weighed so; where the bound is above 1 %, the promise is not proven. Where
bad comments are rare, more of them may pass by it. What is sold now, of which the labelled spam
knows nothing, scores 5 % at the most: from a spam threshold above that on it passes.

"""


def _reading(rows: Sequence[Read]) -> str:
    if not rows:
        return "None of these comments was read again."
    cells = [
        (
            one.outcome,
            f"{one.labelled:.2%}",
            f"{one.read:.2%}",
            f"{one.bound:.2%}",
            f"{one.both:.2%}",
            f"{one.count:,}",
        )
        for one in rows
    ]
    titles = ("outcome", "toxic by label", "by our reading", "upper 95 % bound", "by both", "n")
    return _READING + markdown_table(titles, cells)


_READING = f"""Labels are a yes or a no of few people, or of a model. So of the test part's
comments (Wikipedia and news, without spam) a random sample of each kind, with and without labels
of abuse, was read by us, without labels and scores, weighed as all of its kind: toxic is what at
least {TOXIC_FROM} of ten readers would call so. The same people rated comments for training, so
this flatters. No model or threshold learns from it. Where the bound on what is approved is above
1 %, the promise holds by the labels and is not proven by our reading.

"""


def _limits(rows: Sequence[Limit]) -> str:
    if not rows:
        return "None of these comments was read again."
    cells = [
        (one.order, f"{one.auc:.3f}", f"{one.approved:.1%}", f"{one.rejected:.1%}") for one in rows
    ]
    titles = ("ordered by", "AUC of the labels", "1 % wrong: approved", "2 % wrong: rejected")
    return _LIMITS + markdown_table(titles, cells)


_LIMITS = """What nobody can foretell of a label is an error of whoever decides. So the comments
that were read again are put in order, approved from the one end until 1 % of them are toxic by
their labels, rejected from the other until 2 % are not. Each share flatters: no spam is among
them, no confidence bound is asked for, the cut is the best for these very comments. Those of one
grade of our reading are ordered by the model; "both together" is fitted to their labels.

"""


def _hidden(rows: Sequence[Hidden]) -> str:
    cells = [
        (
            f"{one.chars[0]:,} to {one.chars[1]:,}",
            *(f"{one.held[place] / one.count:.0%}" for place in PLACES),
            f"{one.count:,}",
        )
        for one in rows
    ]
    return markdown_table(("characters", *PLACES, "n"), cells)


_HIDDEN = f"""Abusive test comments of at most {ABUSE_CHARS_MAX} characters, held alone, were put
before, among or after the sentences of long plain ones, approved alone: so many were held.

"""


def _advertising(found: Advertising) -> str:
    cost = f"{found.plain_held:,} of {found.plain:,} long plain comments of blogs"
    return f"{_ADVERTISING}{_hidden(found.hidden)}\n\nHeld for a passage alone: {cost}."


_ADVERTISING = f"""Spam of blogs of at most {SPAM_CHARS_MAX} characters with a link, an address or a
number, held alone, was put before, among or after the sentences of long plain comments of blogs: so
much was held as spam. Each blog, weighing the same, is judged by heads that never saw it.

"""


def _rejecting(rows: Sequence[Rejecting]) -> str:
    cells = [
        (
            one.score,
            f"{one.threshold:g}",
            f"{one.share:.2%}",
            f"{one.error:.1%}",
            f"{one.bound:.1%}",
        )
        for one in rows
    ]
    return _REJECTING + markdown_table(
        ("score", "rejected from", "share of the mix", "wrong", "upper 95 % bound"), cells
    )


_REJECTING = """For who sets a reject threshold of a site's own. Wrong means that the labels of the
source do not call the comment toxic; they do not say whether it advertises. Where spam is more than
one comment in twenty, fewer of its rejections are wrong.

"""
_MIX = (
    "half Wikipedia talk with 9.6 % toxic comments, half news comments with 8 %, of all 5 % spam"
    " from blogs that the spam heads had not seen"
)


def _functions(functions: Sequence[Function]) -> str:
    right = sum(one.right for one in functions)
    cases = sum(one.cases for one in functions)
    lines = [
        (
            f"{right} of {cases} cases in {len(functions)} functions go as they should under the "
            "default policy: plain ones approved, the others held or rejected.\n"
        ),
        "| function | should be | right | cases |",
        "|---|---|---|---|",
    ]
    lines += [f"| {one.name} | {one.verdict} | {one.right} | {one.cases} |" for one in functions]
    return "\n".join(lines) + "\n\n![Functional tests](model-report/functions.svg)"


def _article(article: Article) -> str:
    what = "150 hand-written comments under an article on North Korea, Russia and fighter jets."
    lines = [what, "", _outcomes(article)]
    if article.mistakes:
        lines += ["", "Not as they should be:", ""]
        lines += [f"- {line}" for line in article.mistakes]
    return "\n".join(lines)


def _outcomes(article: Article) -> str:
    rows = [
        (verdict, *(str(row[done]) for done in ("approve", "hold", "reject")))
        for verdict, row in article.outcomes.items()
    ]
    return markdown_table(("written as", "approved", "held", "rejected"), rows)


_READERS = """The test fifth of comments of our own under invented articles on other matters,
labelled by what is said of whom: plain ones, many of them angry or with words that look bad, and
abuse, most of it without such words. Others by the same hands train, so that this flatters."""


def _readers(readers: Article) -> str:
    return f"{_READERS}\n\n{_outcomes(readers)}"


def _slices(found: Findings) -> str:
    lines = ["| toxicity, characters | n | AUC |", "|---|---|---|"]
    lines += [f"| {name} | {count:,} | {value:.3f} |" for name, count, value in found.lengths]
    lines += ["", "| toxicity, source | n | AUC |", "|---|---|---|"]
    lines += [f"| {name} | {count:,} | {value:.3f} |" for name, count, value in found.sources]
    lines += ["", language_table(found.languages)]
    lines += ["", "| identity term in news | subgroup | BPSN | BNSP |", "|---|---|---|---|"]
    lines += [
        f"| {term} | {row['subgroup']:.3f} | {row['bpsn']:.3f} | {row['bnsp']:.3f} |"
        for term, row in found.identities.items()
    ]
    return "\n".join(lines)


def check_plots() -> None:
    """Raise ModelError unless the plots can be drawn: an evaluation takes long before it draws."""
    if find_spec("matplotlib") is None:
        raise ModelError(
            "The report's plots need matplotlib: install the extra 'report' (in a clone: make dev)."
        )


def write_plots(found: Findings, folder: Path) -> None:
    """Draw the reliability diagrams and the functional tests as SVG."""
    import matplotlib as mpl  # noqa: PLC0415 - only the report needs it

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "commentdesk"
    folder.mkdir(parents=True, exist_ok=True)
    _reliability(found, folder / "reliability.svg")
    _bars(found.functions, folder / "functions.svg")


def _reliability(found: Findings, path: Path) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - only the report needs it

    figure, axes = plt.subplots(2, 4, figsize=(12, 6))
    for axis, (label, (logits, truth)) in zip(axes.flat, found.natural.items(), strict=False):
        chances = sigmoid(logits)
        edges = np.unique(np.quantile(chances, np.linspace(0, 1, 16)))
        index = np.clip(np.searchsorted(edges, chances, side="right") - 1, 0, len(edges) - 2)
        mass = np.bincount(index, weights=truth.weights, minlength=1)
        said = np.bincount(index, weights=truth.weights * chances) / np.maximum(mass, 1e-12)
        true = np.bincount(index, weights=truth.weights * truth.labels) / np.maximum(mass, 1e-12)
        axis.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
        axis.plot(said, true, marker="o", markersize=3)
        axis.set_title(label, fontsize=9)
    axes.flat[-1].axis("off")
    figure.supxlabel("said")
    figure.supylabel("true")
    _saved(figure, path)


def _bars(functions: Sequence[Function], path: Path) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - only the report needs it

    figure, axis = plt.subplots(figsize=(8, 8))
    names = [f"{one.name} ({one.verdict})" for one in functions]
    axis.barh(names[::-1], [one.right / one.cases for one in functions][::-1])
    axis.set_xlabel("share of cases that go as they should")
    _saved(figure, path)


def _saved(figure: Any, path: Path) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - only the report needs it

    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
