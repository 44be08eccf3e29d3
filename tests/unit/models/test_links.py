"""Links taken apart, and looked up in the shipped lists."""

import numpy as np
import pytest

from models.links import LISTS, HostLists, host_key, kind, parse


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
        ("", "", ""),
        ("???", "", ""),
    ],
)
def test_host_and_site_of_a_link(typed: str, host: str, site: str) -> None:
    link = parse(typed)
    assert (link.host, link.site) == (host, site)


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
        ("http://gov.shop", "other"),
        ("http://cheap.gov.shop", "other"),
        ("http://edu.co", "other"),
    ],
)
def test_kind_of_a_link(typed: str, expected: str) -> None:
    lists = _lists(shortener="sho.rt", listed="spam.example")
    assert kind(parse(typed), lists) == expected
