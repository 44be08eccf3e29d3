"""One evaluation: every row of the table, slices, decisions, and the report."""

from pathlib import Path

import numpy as np

from models.calibrate import sigmoid
from models.card import write_card
from models.document import Document
from models.evaluate.baseline import Textbook
from models.evaluate.cases import article_cases, functional_cases, reader_cases
from models.evaluate.decisions import article, functions, outcomes
from models.evaluate.hidden import hidden_abuse
from models.evaluate.hidden_spam import hidden_spam
from models.evaluate.identity import by_term
from models.evaluate.languages import spam_languages, toxic_languages
from models.evaluate.limit import limits
from models.evaluate.natural import (
    at_these_rates,
    automatic_row,
    calibration_errors,
    calibration_row,
    decided_alone,
    mix_of_test,
    natural_scores,
    rejecting,
    spam_natural,
)
from models.evaluate.reading import sample_of, second_reading
from models.evaluate.report import Findings, check_plots, rendered, write_plots
from models.evaluate.slices import by_length, by_source
from models.evaluate.spam import SpamLab, spam_table
from models.evaluate.speed import speed_rows
from models.evaluate.table import Measured, markdown
from models.evaluate.toxicity import (
    SIX,
    Judge,
    civil_row,
    disguise_rows,
    identity_row,
    insult_row,
    news_rows,
    test_rows,
    unseen_rows,
    wikipedia_rows,
)
from models.evaluate.worst import worst_mistakes
from models.outputs import LABELS
from models.policy import Policy
from models.predict import Scorer
from models.progress import Say
from models.registry import newest, read_manifest
from models.train.folds import fold_of
from models.train.judge import judged
from models.train.rows import Row, records
from models.train.ship import checked
from models.train.spam_fit import FOLDS
from models.train.toxicity_rows import english_rows
from models.train.truth import family

REPORT = Path("docs/model-report.md")
STAGES = 11 + FOLDS
"""What `evaluate_model` says that it begins."""


def textbook(folder: Path) -> Textbook:
    """Return the textbook model, trained on the Wikipedia comments that are not test rows."""
    rows = [r for r in records(folder, "jigsaw_wikipedia") if fold_of(r["text"]) != "test"]
    labels = np.array([[int(row[column]) for column in SIX.values()] for row in rows])
    return Textbook().fit([row["text"] for row in rows], labels)


def test_comments(data_folder: Path) -> list[Row]:
    """Return the test rows of Wikipedia and news comments, whole comments alone."""
    known = (row for row in english_rows(data_folder) if family(row.source))
    rows = [row for row in known if "any" in row.labels]
    return [row for row in rows if fold_of(row.whole) == "test"]


def evaluate_model(
    data_folder: Path,
    model: Path | None,
    report: Path | None,
    say: Say,
    *,
    second: Path | None = None,
) -> str:
    """Measure a model, write the report beside its plots and its card, and return the table.

    `second` is the folder of a second stage, which then reads as well; the card is the model's own,
    and then not written.
    """
    check_plots()
    target = report or REPORT
    checked(target.parent)
    folder = model or newest()
    scorer = Scorer.load(folder, second)
    say("trains the textbook model")
    book = textbook(data_folder / "toxicity")
    table = toxicity_table(data_folder / "toxicity", Judge(scorer), book, say)
    reader = scorer.pipeline["read"]
    classifier = scorer.pipeline["classify"]
    say("spam: reads all rows")
    lab = SpamLab.open(data_folder, reader, classifier)
    table += spam_table(lab, data_folder / "toxicity", reader, say)
    found = findings(data_folder, folder, scorer, lab, table, say)
    say("speed and size")
    texts = test_rows(data_folder / "toxicity", "jigsaw_wikipedia").picked(4000).texts
    folders = [folder] if second is None else [folder, second]
    table.extend(speed_rows(folders, texts, book))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(rendered(found), encoding="utf-8")
    write_plots(found, target.parent / "model-report")
    card = target.parent / "model-card.md"
    if second is None:
        write_card(card, scorer.pipeline, read_manifest(folder), table, found.languages)
    return markdown(table)


def toxicity_table(folder: Path, judge: Judge, book: Textbook, say: Say) -> list[Measured]:
    """Return the toxicity rows of the table."""
    say("toxicity: Wikipedia")
    table, thresholds = wikipedia_rows(folder, judge, book)
    say("toxicity: news and sources that never train")
    table += [insult_row(folder, judge, book)]
    unseen = unseen_rows(folder, judge, book)
    table += [unseen[0], civil_row(folder, judge, book), unseen[1]]
    table += news_rows(folder, judge, book, thresholds)
    say("toxicity: identity terms and disguises")
    return [*table, identity_row(folder, judge, book), *disguise_rows(folder, judge, book)]


def findings(
    data_folder: Path, folder: Path, scorer: Scorer, lab: SpamLab, table: list[Measured], say: Say
) -> Findings:
    """Return everything that the report shows, the table completed."""
    manifest = read_manifest(folder)
    policy: Policy = manifest["policy"]
    say("calibration and decisions")
    rows = test_comments(data_folder)
    comments = judged(lab.reader, lab.classifier, [Document(row.text) for row in rows])
    logits = comments.logits
    parts = lab.parts(say)
    unseen = lab.unseen(parts)
    natural = {"spam": spam_natural(lab, unseen)} | natural_scores(rows, logits)
    errors = calibration_errors(natural)
    mix = mix_of_test(lab, rows, comments, unseen)
    decided = decided_alone(mix, policy)
    sample = sample_of(rows)
    table += [calibration_row(errors), automatic_row(decided)]
    say("slices, functional tests, worst mistakes")
    done = outcomes(sigmoid(logits), comments.flagged, policy)
    column = logits[:, LABELS.index("toxicity")]
    truth = np.array([float(row.labels["any"] > 0) for row in rows])
    news = np.array([family(row.source) == "civil" for row in rows])
    news_texts = [row.text for row, is_news in zip(rows, news, strict=True) if is_news]
    return Findings(
        version=scorer.version,
        table=table,
        calibration=errors,
        natural=natural,
        automatic=decided,
        rates=list(at_these_rates(mix, manifest.get("holds_at_rates", []), policy, scorer)),
        rejecting=list(rejecting(mix)),
        reading=second_reading(sample, comments, policy) if sample else [],
        limits=limits(sample, comments) if sample else [],
        functions=functions(scorer, functional_cases(), policy),
        article=article(scorer, article_cases(), policy),
        readers=article(scorer, reader_cases(), policy),
        lengths=by_length(rows, truth, column),
        sources=by_source(rows, truth, column),
        hidden=hidden_abuse(scorer, rows, done, policy),
        advertising=hidden_spam(lab, parts, policy["spam"]["hold"]),
        languages=[
            *toxic_languages(data_folder / "toxicity", Judge(scorer), scorer),
            *spam_languages(lab, unseen, scorer),
        ],
        identities=by_term(news_texts, truth[news], column[news]),
        worst=worst_mistakes(scorer, rows, truth, column),
    )
