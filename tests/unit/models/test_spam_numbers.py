"""What is read of a comment besides its words."""

import numpy as np
import pytest

from models.document import Document
from models.lexicon import Lexicon
from models.links import LISTS, HostLists, host_key
from models.spam import META, META_SCALE, document_links, meta, tokens
from models.text import Normaliser

NORMALISER = Normaliser(Lexicon.of({}, ()))
HOSTS = {"shortener": "sho.rt", "disposable": "throwaway.example", "listed": "casino.example"}
PUBLIC = HostLists({name: np.array([host_key(HOSTS[name])], dtype=np.uint64) for name in LISTS})


def numbers(document: Document) -> dict[str, float]:
    """Each number of META by its name, without the common scale."""
    normal = NORMALISER.normalise(document.body)
    row = meta([document], [normal], [document_links(normal)], PUBLIC)[0] / META_SCALE
    return dict(zip(META, row.tolist(), strict=True))


def marks(document: Document) -> set[str]:
    links = document_links(NORMALISER.normalise(document.body))
    return set(tokens(document, links, PUBLIC))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("see http://sho.rt/abc", "link_short"),
        ("see http://www.casino.example/win", "link_listed"),
        ("see http://a.example and http://a.example/b", "link_twice"),
        ("the best is at http://a.example/", "link_last"),
        ("write to me@mail.example", "email"),
        ("call +1 (555) 123-4567 today", "phone"),
        ("win $500 now", "money"),
        ("win 500 dollars", "money"),
        ("please visit my new website", "own_site"),
    ],
)
def test_fact_about_the_text_is_seen(body: str, name: str) -> None:
    assert numbers(Document(body))[name] == 1.0
    assert numbers(Document("the weather was fine"))[name] == 0.0


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("maria1987", "author_digits"),
        ("maria", "author_lower"),
        ("www.cheap.example", "author_host"),
        ("Best Casino", "author_keyword"),
        ("Maria Keller", "author_in_text"),
    ],
)
def test_fact_about_the_author_is_seen(author: str, name: str) -> None:
    body = "Maria Keller was right about it"
    assert numbers(Document(body, author_name=author))[name] == 1.0
    assert numbers(Document(body, author_name="Jo"))[name] == 0.0


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/maria", "url_safe"),
        ("https://sho.rt/a", "url_short_or_listed"),
        ("https://casino.example", "url_short_or_listed"),
        ("https://a.example/deep/page", "url_path"),
        ("https://maria-keller.example", "url_is_author"),
        ("https://weather.example", "url_in_text"),
    ],
)
def test_fact_about_the_authors_url_is_seen(url: str, name: str) -> None:
    body = "As I said on http://weather.example"
    assert numbers(Document(body, author_name="Maria Keller", author_url=url))[name] == 1.0
    plain = Document(body, author_name="Maria Keller", author_url="https://b.example")
    assert numbers(plain)[name] == 0.0


@pytest.mark.parametrize("url", ["http://", ".", "https://x.com/jane", "weather.ex"])
def test_only_a_whole_site_is_in_the_text(url: str) -> None:
    body = "As I said on http://weather.example and http://netflix.com"
    assert numbers(Document(body, author_url=url))["url_in_text"] == 0.0


def test_unknown_url_differs_from_an_empty_one() -> None:
    unknown = numbers(Document("hello", author_url=None))
    empty = numbers(Document("hello", author_url=" "))
    assert (unknown["url_known"], empty["url_known"]) == (0.0, 1.0)
    assert unknown["url_given"] == empty["url_given"] == 0.0


def test_unknown_author_differs_from_an_empty_one() -> None:
    assert numbers(Document("hello", author_name=None))["author_known"] == 0.0
    assert numbers(Document("hello", author_name=""))["author_known"] == 1.0


def test_throw_away_address_is_seen() -> None:
    assert numbers(Document("hello", author_email="a1@Throwaway.example"))["email_throwaway"] == 1.0
    assert numbers(Document("hello", author_email="a1@mail.example"))["email_throwaway"] == 0.0


def test_digits_of_an_address_are_a_share_of_its_name() -> None:
    assert numbers(Document("hello", author_email="abc12@mail.example"))[
        "email_digits"
    ] == pytest.approx(2 / 6)


def test_address_at_the_authors_own_site_is_seen() -> None:
    own = Document("hello", author_email="me@keller.example", author_url="https://keller.example")
    assert numbers(own)["email_is_url"] == 1.0


def test_links_to_known_places_do_not_count_as_unsafe() -> None:
    found = numbers(Document("see https://github.com/x and https://a.example"))
    assert found["links"] == pytest.approx(2 / 6)
    assert found["links_not_safe"] == pytest.approx(1 / 5)


@pytest.mark.parametrize(
    "body",
    [
        '<a href="http://a.example/x">here</a>',
        "[url=http://a.example/x]here[/url]",
        "[here](http://a.example/x)",
    ],
)
def test_link_behind_a_text_is_seen_in_any_markup(body: str) -> None:
    assert numbers(Document(body))["markup_link"] == pytest.approx(1 / 3)


def test_capitals_are_a_share_and_exclaims_a_count() -> None:
    found = numbers(Document("HELLO you!!"))
    assert found["capitals"] == pytest.approx(5 / 12)
    assert found["exclaims"] == pytest.approx(2 / 8)


@pytest.mark.parametrize(
    "document",
    [
        Document(""),
        Document("!" * 5000 + "\U0001f600" * 500 + "1" * 500),
        Document("http://a.example " * 200, author_name="1" * 500, author_url="-" * 500),
        Document("x", author_email="no address", author_url="https://", author_name="\ud800"),
    ],
)
def test_numbers_stay_small_whatever_is_sent(document: Document) -> None:
    assert all(0 <= value <= 1.5 for value in numbers(document).values())


def test_words_of_author_and_links_become_tokens() -> None:
    document = Document(
        "see http://www.casino.example/win-money",
        author_name="Best Loans",
        author_url="https://fast-cash.top",
        author_email="a@Mail.Example",
    )
    assert marks(document) >= {
        "kind:listed",
        "ending:example",
        "link:casino",
        "link:money",
        "author:best",
        "author_words:2",
        "url_kind:other",
        "url_ending:top",
        "url:cash",
        "url3:fast",
        "mail:mail.example",
    }


def test_plain_comment_has_no_tokens() -> None:
    assert marks(Document("hello there")) == set()


def test_at_most_fifty_links_are_read() -> None:
    normal = NORMALISER.normalise(" ".join(f"http://s{at}.example" for at in range(80)))
    assert len(document_links(normal)) == 50
