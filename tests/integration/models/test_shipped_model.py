"""The model that is shipped: intact, small, and right where everybody looks."""

import sys
from pathlib import Path
from subprocess import run

import pytest

from models.calibrate import sigmoid
from models.classifier import TODAY_LOGIT_MAX
from models.document import Document
from models.evaluate.cases import article_cases, functional_cases
from models.evaluate.decisions import article, functions, outcome
from models.evaluate.measures import auc
from models.outputs import LABELS
from models.predict import Scorer
from models.registry import newest, read_manifest
from models.train.folds import fold_of
from models.train.rows import records

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
SIZE_BYTES_MAX = 20_000_000


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load()


@pytest.fixture(scope="module")
def policy() -> dict[str, dict[str, float]]:
    return dict(read_manifest(newest())["policy"])


@pytest.fixture(scope="module")
def toxicity_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the data folder ../shared/data is not here")
    return SHARED / "toxicity"


def test_shipped_files_are_small() -> None:
    assert sum(path.stat().st_size for path in newest().iterdir()) <= SIZE_BYTES_MAX


def test_policy_has_thresholds_for_every_score(policy: dict[str, dict[str, float]]) -> None:
    assert tuple(sorted(policy)) == tuple(sorted(LABELS))
    assert all(0 < bounds["hold"] <= (bounds["reject"] or 1) <= 1 for bounds in policy.values())


def test_loading_and_scoring_import_no_torch() -> None:
    code = (
        "import sys; from models.predict import Scorer; from models.document import Document;"
        "Scorer.load().score([Document('x')]); sys.exit('torch' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0


def test_neither_spam_nor_abuse_is_approved_under_the_article(
    scorer: Scorer, policy: dict[str, dict[str, float]]
) -> None:
    outcomes = article(scorer, article_cases(), policy).outcomes
    assert outcomes["spam"]["approve"] == 0
    assert outcomes["abuse"]["approve"] == 0


def test_plain_readers_of_the_article_are_approved(
    scorer: Scorer, policy: dict[str, dict[str, float]]
) -> None:
    plain = article(scorer, article_cases(), policy).outcomes["plain"]
    assert plain["reject"] == 0
    assert plain["approve"] >= PLAIN_APPROVED_SHARE_MIN * sum(plain.values())


def test_functional_cases_go_as_they_should(
    scorer: Scorer, policy: dict[str, dict[str, float]]
) -> None:
    found = functions(scorer, functional_cases(), policy)
    right = sum(one.right for one in found)
    assert right >= FUNCTIONS_RIGHT_MIN * sum(one.cases for one in found)


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ("You are a stupid idiot.", "insult"),
        ("I will find you and kill you.", "threat"),
        ("Fuck this shit.", "profanity"),
        ("Buy cheap viagra http://pills.example/x", "spam"),
    ],
)
def test_plain_example_scores_high(scorer: Scorer, body: str, label: str) -> None:
    assert scorer.score([Document(body)])[0].scores[label] > 0.5


@pytest.mark.parametrize(
    "body",
    [
        "Buy TikTok views cheap. DM @growfast on IG",
        "I got my lost bitcoin back with the help of a recovery hacker, message him on Instagram.",
        "Call Norton support at 1-888-555-0199 for refund.",
        "We offer loans at 3% interest to serious people, apply now.",
        "Get your diploma without exams, real university degrees.",
        "Best plumber in Brisbane, call us 24/7 for blocked drains.",
        "I was broke until Mrs Lisa Hernandez traded for me. Now I earn 9k weekly.",
        "Buy real and fake passports, driving licences, ID cards.",
    ],
)
def test_what_is_sold_in_comments_now_is_held(
    body: str, scorer: Scorer, policy: dict[str, dict[str, float]]
) -> None:
    assert scorer.score([Document(body)])[0].scores["spam"] >= policy["spam"]["hold"]


def test_what_is_sold_now_may_say_enough_to_hold(policy: dict[str, dict[str, float]]) -> None:
    assert sigmoid(TODAY_LOGIT_MAX) > policy["spam"]["hold"]


@pytest.mark.parametrize(
    "body",
    [
        "I closed my account with that bank last year.",
        "The plumber in our street raised his prices twice this year.",
        "Followers mean nothing, half of them are robots.",
        "My sister lost ten kilos after the operation and feels better.",
    ],
)
def test_plain_words_on_the_same_matters_pass(
    body: str, scorer: Scorer, policy: dict[str, dict[str, float]]
) -> None:
    assert outcome(scorer.score([Document(body)])[0], policy) == "approve"


@pytest.mark.parametrize(
    ("denied", "meant"),
    [
        ("The referee is not an idiot, he saw it better than us.", "The referee is an idiot."),
        ("Nobody says that the nurses are lazy.", "The nurses are lazy idiots."),
        ("Calling refugees parasites is shameful.", "Refugees are parasites."),
        ("I was such a moron to lose the ticket.", "You were such a moron."),
    ],
)
def test_what_is_denied_is_told_from_what_is_meant(
    denied: str, meant: str, scorer: Scorer, policy: dict[str, dict[str, float]]
) -> None:
    plain, rude = scorer.score([Document(denied), Document(meant)])
    assert outcome(plain, policy) == "approve"
    assert outcome(rude, policy) == "hold"


def test_a_denied_swear_word_is_a_swear_word(scorer: Scorer) -> None:
    scores = scorer.score([Document("Nobody here calls you a bitch.")])[0].scores
    assert scores["profanity"] > 0.5
    assert scores["toxicity"] < 0.1


@pytest.mark.parametrize(
    "body",
    [
        "The paper is here: https://www.un.org/en/climate",
        "Source? https://www.nytimes.com/2024/05/01/us/politics/water.html",
        "Damn good soup, thanks for the recipe.",
        "What the hell happened to the old cinema?",
    ],
)
def test_a_source_or_a_mild_oath_passes(
    body: str, scorer: Scorer, policy: dict[str, dict[str, float]]
) -> None:
    assert outcome(scorer.score([Document(body)])[0], policy) == "approve"


def test_insults_under_news_are_ranked_well(scorer: Scorer, toxicity_data: Path) -> None:
    rows = [r for r in records(toxicity_data, "impermium_insults") if fold_of(r["text"]) == "test"]
    scores = [one.scores["insult"] for one in scorer.score([Document(r["text"]) for r in rows])]
    assert auc([float(row["insult"]) for row in rows], scores) > 0.88


PLAIN_APPROVED_SHARE_MIN = 0.7
FUNCTIONS_RIGHT_MIN = 0.6
