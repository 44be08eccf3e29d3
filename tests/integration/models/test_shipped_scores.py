"""Facts about the shipped model that any new version must keep."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.document import Document
from models.evaluate.decisions import outcome
from models.judgement import Judgement
from models.outputs import LABELS
from models.predict import BATCH_ROWS, EXPLAINABLE, Scorer
from models.registry import newest, read_manifest

PLAIN = "Thanks for the article, the part about the library was helpful."
SPAM = (
    "Buy cheap viagra pills online, casino bonus, visit http://www.cheap-pills-casino.top/win "
    "now!!! Earn $5000 a month"
)
ODD = {
    "empty": "",
    "spaces": " \t\n\u00a0 ",
    "NUL": "a\x00b\x00",
    "only NUL": "\x00" * 5,
    "lone surrogates": "a\ud800b\udfff\udc00",
    "combining marks only": "\u0301\u0302\u0303\u20dd",
    "stacked marks": "Z\u0351\u036b\u0343\u036aA\u0363\u0300" * 50,
    "zero-width only": "\u200b\u200d\ufeff",
    "emoji": "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f1e9\U0001f1ea",
    "Cyrillic": "Привет, это очень хороший текст",
    "CJK": "这是一个很好的评论",
    "right to left": "\u202eשלום עולם\u202c",
    "one megabyte of words": "so what " * 125_000,
    "one megabyte without a space": "a" * 1_000_000,
    "open tags": "<" * 20_000,
    "open brackets": "[" * 20_000,
    "a tag that ends in a quote": "<a" + "/b=c" * 90 + '">',
    "entities": "&amp;" * 4_000,
    "numbers": "1234567890 " * 500,
}
MIXED = [f"{text} {number}" for number in range(70) for text in (PLAIN, SPAM, "You are an idiot.")]


def judged(scorer: Scorer, text: str) -> Judgement:
    return scorer.score([Document(text)])[0]


def test_newest_version_is_loaded(shipped: Scorer) -> None:
    assert shipped.version == newest().name


def test_seven_scores_are_given(shipped: Scorer) -> None:
    assert tuple(judged(shipped, PLAIN).scores) == LABELS == EXPLAINABLE[: len(LABELS)]


@pytest.mark.parametrize("name", ODD)
def test_odd_text_gets_probabilities(name: str, shipped: Scorer) -> None:
    scores = judged(shipped, ODD[name]).scores
    assert all(math.isfinite(score) and 0 <= score <= 1 for score in scores.values()), scores


@pytest.mark.parametrize("name", ["empty", "spaces", "only NUL", "zero-width only"])
def test_text_without_a_letter_is_not_called_abuse_or_spam(name: str, shipped: Scorer) -> None:
    assert max(judged(shipped, ODD[name]).scores.values()) < 0.2


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("spam", SPAM),
        ("spam", "Hi dear, I made $9000 last week from home, click https://bit.ly/3xyzab to join"),
        ("toxicity", "You are a stupid idiot and nobody likes you."),
        ("insult", "You are a stupid idiot and nobody likes you."),
        ("profanity", "Fuck this shit, what a load of bullshit."),
        ("threat", "I will find you and I will kill you and your family."),
        ("identity_attack", "All gays and jews are filthy animals."),
        ("severe_toxicity", "Fuck you, you fucking piece of shit, die in a fire."),
    ],
)
def test_obvious_case_is_at_least_held_and_scores_far_above_a_plain_comment(
    label: str, text: str, shipped: Scorer
) -> None:
    hold = read_manifest(newest())["policy"][label]["hold"]
    case, plain = judged(shipped, text).scores[label], judged(shipped, PLAIN).scores[label]
    assert case >= hold
    assert case > 10 * plain


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "Could you explain how the new tax works? I did not get the last paragraph.",
        "I disagree with the mayor on this, the numbers in the report say otherwise.",
        "My sister is a lesbian and my best friend is black, and we all loved this film.",
        "The fighter jets were shot down over the sea, says the ministry.",
    ],
)
def test_plain_comment_scores_low_on_all_counts(text: str, shipped: Scorer) -> None:
    scores = judged(shipped, text).scores
    assert max(scores.values()) < 0.5, scores


PARAGRAPH = (
    "The council met on Tuesday and spoke about the new library. There were many people from the "
    "neighbourhood, and most of them liked the plan. The budget is the same as last year. I think "
    "the bus line should stop there too, because my mother cannot walk that far. "
)


def test_long_plain_comment_is_approved(shipped: Scorer) -> None:
    for count in (2, 4, 8, 10):
        found = judged(shipped, PARAGRAPH * count)
        assert outcome(found, read_manifest(newest())["policy"]) == "approve", count


@pytest.mark.parametrize(("before", "after"), [(0, 4), (2, 2), (4, 0), (0, 9), (5, 4), (9, 0)])
@pytest.mark.parametrize(
    "abuse",
    [
        "You are a fucking moron.",
        "The author is a liar and a whore.",
        "Shut up, you stupid old cow.",
    ],
)
def test_abuse_is_found_wherever_it_is_in_a_long_comment(
    abuse: str, before: int, after: int, shipped: Scorer
) -> None:
    text = PARAGRAPH * before + abuse + " " + PARAGRAPH * after
    found = judged(shipped, text)
    assert found.flags == ()
    assert outcome(found, read_manifest(newest())["policy"]) == "hold"


@pytest.mark.parametrize(("before", "after"), [(0, 4), (2, 2), (4, 0), (9, 0)])
@pytest.mark.parametrize("author", [None, "Ann"])
@pytest.mark.parametrize(
    "spam",
    [
        "Best online casino bonus without deposit: http://www.casino-win.top/bonus",
        "Buy cheap viagra and cialis pills without prescription at http://pills4you.example/",
        "I earn $9000 a month from home, write to my manager: richlife77@gmail.example.com",
    ],
)
def test_spam_is_found_wherever_it_is_in_a_long_comment(
    spam: str, author: str | None, before: int, after: int, shipped: Scorer
) -> None:
    body = f"{PARAGRAPH * before}{spam}. {PARAGRAPH * after}"
    found, plain = shipped.score(
        [Document(text, author_name=author) for text in (body, PARAGRAPH * (before + after))]
    )
    assert found.scores["spam"] >= read_manifest(newest())["policy"]["spam"]["hold"]
    assert found.scores["spam"] > 3 * plain.scores["spam"]


def test_a_source_in_a_long_comment_is_no_spam(shipped: Scorer) -> None:
    text = f"{PARAGRAPH * 2}The figures are at https://www.gov.uk/economy/report. {PARAGRAPH}"
    assert outcome(judged(shipped, text), read_manifest(newest())["policy"]) == "approve"


def test_a_passage_belongs_to_its_own_comment(shipped: Scorer) -> None:
    spam = "Best online casino bonus without deposit: http://www.casino-win.top/bonus. "
    texts = [PARAGRAPH * 2, PARAGRAPH + spam + PARAGRAPH, PARAGRAPH * 3, PARAGRAPH * 2 + spam]
    together = shipped.score([Document(text) for text in texts])
    for text, one in zip(texts, together, strict=True):
        assert one.scores == pytest.approx(judged(shipped, text).scores, abs=1e-5)


@pytest.mark.parametrize(
    "text",
    [
        '<p title="you stupid idiot">A nice article, thank you.</p>',
        '<img src="x.png" alt="you stupid idiot"> A nice article, thank you.',
        "A nice article, thank you. <you stupid idiot>",
        "<!-- you stupid idiot -->A nice article, thank you.",
        "[color=you stupid idiot]A nice article, thank you.[/color]",
        "🖕 the author",
        "🅵🆄🅲🅺 you all",
        "What a load of $hit from a bunch of 4$$h0l3s",
    ],
)
def test_abuse_that_is_not_in_plain_words_is_held(text: str, shipped: Scorer) -> None:
    assert outcome(judged(shipped, text), read_manifest(newest())["policy"]) == "hold"


@pytest.mark.parametrize(
    "text",
    [
        "Our 🐷 and 🐒 toys are what the kids like best.",
        'The bus was <b title="on Monday">late</b> again, as <i>ever</i>.',
        "It paid 1000$ in the 1990's, and 100k$ now.",
    ],
)
def test_pictures_tags_and_sums_are_no_abuse(text: str, shipped: Scorer) -> None:
    assert outcome(judged(shipped, text), read_manifest(newest())["policy"]) == "approve"


def test_what_is_longer_than_what_is_read_is_flagged(shipped: Scorer) -> None:
    found = judged(shipped, PARAGRAPH * 12 + "You are a fucking moron.")
    assert found.flags == ("unfamiliar_length",)


@pytest.mark.parametrize(
    "disguise",
    [
        "You are a stup1d 1d10t.",
        "You are a s t u p i d idiot.",
        "You are a stu\u200bpid idi\u200bot.",
    ],
)
def test_disguised_insult_is_still_found(disguise: str, shipped: Scorer) -> None:
    assert judged(shipped, disguise).scores["insult"] > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Привет, как дела, это очень хороший текст",
        "这是一个很好的评论，谢谢你的文章",
        "안녕하세요 반갑습니다 좋은 글입니다 감사합니다",
        "هذا مقال جيد جدا شكرا لك على الكتابة",
        "Szeretném megköszönni ezt a nagyszerű cikket, nagyon hasznos",
    ],
)
def test_language_that_the_model_never_learnt_is_flagged(text: str, shipped: Scorer) -> None:
    assert judged(shipped, text).flags == ("unfamiliar_language",)


def test_english_comment_has_no_flag(shipped: Scorer) -> None:
    assert judged(shipped, PLAIN).flags == ()


def test_text_without_a_known_word_is_flagged(shipped: Scorer) -> None:
    assert judged(shipped, "xyzzyq").flags == ("unfamiliar_text",)


def test_no_documents_give_no_judgements(shipped: Scorer) -> None:
    assert shipped.score([]) == []


def test_scoring_twice_gives_the_same(shipped: Scorer) -> None:
    documents = [Document(text) for text in MIXED[:20]]
    assert shipped.score(documents) == shipped.score(documents)


def test_fresh_scorer_gives_the_same(shipped: Scorer) -> None:
    documents = [Document(text) for text in (PLAIN, SPAM, *ODD.values())]
    assert Scorer.load().score(documents) == shipped.score(documents)


def test_score_does_not_depend_on_the_neighbours_in_a_batch(shipped: Scorer) -> None:
    documents = [Document(text) for text in MIXED]
    assert len(documents) > 3 * BATCH_ROWS
    together = shipped.score(documents)
    backwards = shipped.score(documents[::-1])[::-1]
    alone = [shipped.score([document])[0] for document in documents]
    for one, other, third in zip(together, backwards, alone, strict=True):
        assert one.scores == pytest.approx(other.scores, abs=1e-5)
        assert one.scores == pytest.approx(third.scores, abs=1e-5)


def test_threads_may_share_a_scorer() -> None:
    scorer = Scorer.load()  # its caches are cold
    documents = [Document(text) for text in MIXED[:60]]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: scorer.score(documents), range(16)))
    assert found == [scorer.score(documents)] * 16


def test_author_raises_the_spam_score_but_not_the_toxicity(shipped: Scorer) -> None:
    text = "Very nice post, thank you for sharing."
    url = "https://cheap-essay-casino.example.top/loans"
    plain = shipped.score([Document(text)])[0].scores
    author = Document(text, author_name="Cheap Essay Casino", author_url=url)
    signed = shipped.score([author])[0].scores
    assert signed["spam"] > plain["spam"]
    assert signed["toxicity"] == pytest.approx(plain["toxicity"], abs=1e-6)
