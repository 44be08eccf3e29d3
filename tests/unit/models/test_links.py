"""Links taken apart, and looked up in the shipped lists."""

import numpy as np
import pytest

from models.links import LISTS, HostLists, discount, host_key, kind, parse


def _lists(**hosts: str) -> HostLists:
    arrays = {name: np.array([], dtype=np.uint64) for name in LISTS}
    arrays |= {name: np.array([host_key(host)], dtype=np.uint64) for name, host in hosts.items()}
    return HostLists(arrays)


@pytest.mark.parametrize(
    ("typed", "host", "site"),
    [
        ("https://www.Example.com/a/b?c=1", "example.com", "example.com"),
        ("http://shop.example.co.uk", "shop.example.co.uk", "example.co.uk"),
        ("example.ru/x", "example.ru", "example.ru"),
        ("//user@example.net:8080/", "example.net", "example.net"),
        ("https://example.com\uff0cdas", "example.com", "example.com"),
        ("https://example.com,好的", "example.com", "example.com"),
        ("https://example.com。好/x", "example.com.好", "example.com.好"),
        ("(example.com)", "example.com", "example.com"),
        ("https://ไทยแลนด์.ไทย/x", "ไทยแลนด์.ไทย", "ไทยแลนด์.ไทย"),
        ("https://müller-straße.example.de/x", "müller-straße.example.de", "example.de"),
        ("", "", ""),
        ("???", "", ""),
    ],
)
def test_host_and_site_of_a_link(typed: str, host: str, site: str) -> None:
    link = parse(typed)
    assert (link.host, link.site) == (host, site)


@pytest.mark.parametrize(
    "typed",
    [
        "https://wikipedia.org\u3002casino.ru",
        "https://wikipedia.org\uff61casino.ru",
        "https://nytimes.com%2Ecasino.ru/read",
        "https://bbc.com\u2764.casino.ru/read",
        "https://bbc.com\u093e.casino.ru",
        "https://bbc.com\u00ad.casino.ru",
    ],
)
def test_a_host_that_begins_as_a_well_known_one_is_not_that_one(typed: str) -> None:
    assert kind(parse(typed), _lists()) == "other"


def test_words_of_a_link_are_its_long_ones() -> None:
    assert parse("http://cheap-pills.example.com/buy/of/now").words == (
        "cheap",
        "pills",
        "example",
        "buy",
        "now",
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("http://sho.rt/x", "short"),
        ("http://spam.example/x", "listed"),
        ("https://en.wikipedia.org/wiki/X", "safe"),
        ("http://blog.example.org", "other"),
        ("https://www.example.gov/report", "safe"),
        ("https://stats.example.ac.uk", "safe"),
        ("https://www.gov.uk/tax", "safe"),
        ("http://gov.shop", "other"),
        ("http://cheap.gov.shop", "other"),
        ("http://edu.co", "other"),
    ],
)
def test_kind_of_a_link(typed: str, expected: str) -> None:
    lists = _lists(shortener="sho.rt", listed="spam.example")
    assert kind(parse(typed), lists) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ([], 0.0),
        (["https://www.bbc.co.uk/news/1"], 1.5),
        (["https://www.gov.uk/tax"], 1.5),
        (["https://docs.google.com/forms/1"], 0.0),
        (["https://evil.example\\@bbc.com/news"], 0.0),
        (["https://en.wikipedia.org/wiki/X", "https://stats.example.ac.uk"], 1.5),
        (["https://www.youtube.com/watch?v=1"], 0.5),
        (["https://www.bbc.co.uk/news/1", "https://github.com/x"], 0.5),
        (["https://www.bbc.co.uk/news/1", "http://blog.example.org"], 0.0),
        (["http://sho.rt/x"], 0.0),
    ],
)
def test_links_to_well_known_places_look_less_like_spam(typed: list[str], expected: float) -> None:
    assert discount([parse(one) for one in typed], _lists(shortener="sho.rt")) == expected
