"""What is known about a comment besides its words."""

import numpy as np
import pytest

from models.document import Document
from models.lexicon import Lexicon
from models.links import LISTS, HostLists, host_key
from models.spam import META, cited, document_links, meta, tokens
from models.spam_rule import LONG_CHARS, MIXES, TODAY, mixed_spam, routes
from models.text import Normaliser

NORMALISER = Normaliser(Lexicon.of({"hello": 5}, ()))
ARRAYS = {name: np.array([], dtype=np.uint64) for name in LISTS} | {
    "disposable": np.array([host_key("throwaway.example")], dtype=np.uint64),
    "listed": np.array([host_key("spam.example")], dtype=np.uint64),
}
HOSTS = HostLists(ARRAYS)


def _meta(document: Document) -> dict[str, float]:
    normal = NORMALISER.normalise(document.body)
    row = meta([document], [normal], [document_links(normal)], HOSTS)[0]
    return dict(zip(META, row.tolist(), strict=True))


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("links", Document("see http://a.example/x")),
        ("links_not_safe", Document("see http://a.example/x")),
        ("link_listed", Document("see http://spam.example/x")),
        ("link_last", Document("see http://a.example")),
        ("link_twice", Document("http://a.example/1 http://a.example/2")),
        ("markup_link", Document("[x](http://a.example)")),
        ("email", Document("write to me@a.example.com")),
        ("phone", Document("call +44 7000 000000")),
        ("money", Document("earn $500 now")),
        ("capitals", Document("HELLO")),
        ("exclaims", Document("hello!!")),
        ("emoji", Document("hello 🎉")),
        ("digits", Document("hello 123")),
        ("foreign_letters", Document("привет")),
        ("disguise", Document("h\u200be\u200bl\u200blo")),
        ("second_person", Document("your turn")),
        ("own_site", Document("please visit my site")),
        ("author_known", Document("x", author_name="")),
        ("author_keyword", Document("x", author_name="Casino online")),
        ("author_lower", Document("x", author_name="bob")),
        ("author_digits", Document("x", author_name="bob77")),
        ("author_host", Document("x", author_name="best-loans.com")),
        ("url_known", Document("x", author_url="")),
        ("url_given", Document("x", author_url="http://a.example")),
        ("url_path", Document("x", author_url="http://a.example/deep/path")),
        ("url_hyphens", Document("x", author_url="http://a-b-c.example")),
        (
            "url_is_author",
            Document("x", author_name="Jane Doe", author_url="http://janedoe.example"),
        ),
        ("url_in_text", Document("at http://a.example", author_url="a.example")),
        ("email_known", Document("x", author_email="a@b.example")),
        ("email_throwaway", Document("x", author_email="a@throwaway.example")),
        ("email_digits", Document("x", author_email="a123@b.example")),
    ],
)
def test_fact_about_a_comment_is_seen(name: str, document: Document) -> None:
    assert _meta(document)[name] > 0


def test_a_word_that_ends_in_url_is_no_link_at_the_end() -> None:
    assert _meta(Document("https://a.example is fetched with curl"))["link_last"] == 0


@pytest.mark.parametrize(
    "name",
    [
        "Best Loans",
        "BestLoans",
        "cheapviagra24",
        "SEO expert",
        "sbobet",
        "car_shop",
        "Shop24",
        "a tour",
    ],
)
def test_an_author_named_for_what_is_sold_has_a_keyword(name: str) -> None:
    assert _meta(Document("x", author_name=name))["author_keyword"] > 0


@pytest.mark.parametrize(
    "name",
    [
        "Bruno Latour",
        "Elizabeth Bishop",
        "Morgan Freeman",
        "Kayla Sloan",
        "BILL STOREY",
        "Salem",
        "Seok",
        "Beste",
        "Elisabet",
        "Marketa",
        "Plumb",
    ],
)
def test_a_persons_name_has_no_keyword(name: str) -> None:
    assert _meta(Document("x", author_name=name))["author_keyword"] == 0


@pytest.mark.parametrize("name", ["ASP.NET", "at www.x", "Loans.Com", "http://a", "me@mail.co.uk"])
def test_an_author_named_by_an_address_has_a_host(name: str) -> None:
    assert _meta(Document("x", author_name=name))["author_host"] > 0


@pytest.mark.parametrize(
    "name", ["Mr.Jones", "A.J.Brown", "Dr.House", "J.Smith", "M.De Vries", "adam.conway", "v1.15"]
)
def test_initials_and_titles_are_no_host(name: str) -> None:
    assert _meta(Document("x", author_name=name))["author_host"] == 0


def test_unknown_field_differs_from_an_empty_one() -> None:
    assert _meta(Document("x", author_url=None))["url_known"] == 0
    assert _meta(Document("x", author_url=""))["url_known"] > 0


@pytest.mark.parametrize(
    ("body", "url", "discount"),
    [
        ("see https://www.bbc.com/news", None, 1.5),
        ("see https://www.bbc.com/news", "", 1.5),
        ("see https://www.bbc.com/news", "https://www.nature.com/x", 1.5),
        ("see https://www.bbc.com/news", "http://casino.example", 0.0),
        ("no link at all", "https://www.bbc.com/news", 0.0),
    ],
)
def test_an_authors_link_is_one_of_those_that_cite(
    body: str, url: str | None, discount: float
) -> None:
    links = document_links(NORMALISER.normalise(body))
    assert cited([Document(body, author_url=url)], [links], HOSTS).tolist() == [discount]


def test_numbers_stay_small() -> None:
    row = _meta(Document("!" * 900 + " http://a.example" * 60 + " 🎉" * 90, author_name="x" * 900))
    assert all(0 <= value <= 1.1 for value in row.values())


def test_author_and_url_give_tokens() -> None:
    document = Document("x", author_name="Cheap Loans", author_url="http://best-pills.example")
    found = set(tokens(document, [], HOSTS))
    assert {"author:cheap", "author:loans", "url:pills", "url_ending:example"} <= found


def test_form_with_author_speaks_of_a_blog() -> None:
    numbers = np.zeros((3, len(META)), dtype=np.float32)
    numbers[0, META.index("author_known")] = 0.5
    assert routes(numbers).tolist() == [0, 1, 1]


def test_long_texts_without_an_author_take_a_route_of_their_own() -> None:
    lengths = (LONG_CHARS - 1, LONG_CHARS, 9000)
    documents = [Document(("ab " * length)[: length - 1] + "b") for length in lengths]
    numbers = np.array([list(_meta(one).values()) for one in documents], dtype=np.float32)
    assert routes(numbers).tolist() == [1, 2, 2]
    signed = np.array([list(_meta(Document("ab " * 900, author_name="Ann")).values())], np.float32)
    assert routes(signed).tolist() == [0]


def test_each_route_mixes_its_own_heads() -> None:
    heads = np.array([[1.0, 2.0, 4.0, 8.0, 16.0]] * 3, dtype=np.float32)
    assert mixed_spam(heads, np.array([0, 1, 2])).tolist() == (MIXES @ heads[0]).tolist()
    assert not MIXES[:, TODAY].any()
