"""Hashed n-grams: against a plain count, and stable in batches."""

from collections import Counter

import numpy as np
import pytest

from models.features import (
    CHAR_FIRST,
    TEXT_CHARS_MAX,
    TOKEN_BITS,
    TOKEN_FIRST,
    Flat,
    char_grams,
    mixed,
    shortened,
    text_counts,
    token_bucket,
    token_grams,
    word_grams,
)


def _char_grams(text: str) -> Counter[str]:
    grams: Counter[str] = Counter()
    for word in text.split():
        padded = f" {word} "
        for size in (2, 3, 4, 5):
            grams.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    return grams


def test_character_grams_are_those_inside_padded_words() -> None:
    text = "you are so so kind"
    flat = Flat.of([text])
    grams = char_grams(flat)
    found = Counter(
        "".join(map(chr, flat.codes[start : start + size]))
        for start, size in zip(grams.starts, grams.sizes, strict=True)
    )
    assert found == _char_grams(text)


def test_equal_grams_share_a_bucket_wherever_they_stand() -> None:
    flat = Flat.of(["idiot", "an idiot here"])
    grams = word_grams(flat)
    at = [i for i, size in enumerate(grams.sizes) if size == 5]
    assert grams.buckets[at[0]] == grams.buckets[at[1]]


def test_word_pairs_do_not_cross_texts() -> None:
    assert len(word_grams(Flat.of(["one", "two"])).buckets) == 2


def test_counts_hold_every_gram() -> None:
    text = "no no yes"
    counts = text_counts([text])
    words_and_pairs = 3 + 2
    assert counts.counts.sum() == sum(_char_grams(text).values()) + words_and_pairs


@pytest.mark.parametrize("texts", [[""], ["", "a"], ["a", "", ""], ["\ud800", "x"], ["…"]])
def test_any_batch_has_counts_of_its_rows(texts: list[str]) -> None:
    counts = text_counts(texts)
    alone = [len(text_counts([text]).buckets) for text in texts]
    assert np.diff(counts.ends, prepend=0).tolist() == alone
    assert len(counts.buckets) == len(counts.counts) == sum(alone)


def test_row_does_not_depend_on_its_neighbours() -> None:
    alone = text_counts(["you are so so kind"])
    among = text_counts(["first", "you are so so kind", "", "last one"])
    start, end = among.ends[0], among.ends[1]
    assert among.buckets[start:end].tolist() == alone.buckets.tolist()
    assert among.counts[start:end].tolist() == alone.counts.tolist()


def test_row_has_each_bucket_once_in_order() -> None:
    buckets = text_counts(["banana bandana ban ban"]).buckets.astype(int)
    assert (np.diff(buckets) > 0).all()


def test_buckets_lie_in_their_blocks() -> None:
    buckets = text_counts(["some words here"]).buckets
    assert buckets.min() < CHAR_FIRST <= buckets.max() < TOKEN_FIRST


@pytest.mark.parametrize("token", ["a", "author:casino", "mail:grüße.de", "link:" + "x" * 300])
def test_token_is_hashed_as_a_text_is(token: str) -> None:
    flat = Flat.of([token])
    whole = flat.hashes(np.array([1]), np.array([1 + len(token)]))
    assert token_bucket(token) == int(mixed(whole, TOKEN_BITS)[0]) + TOKEN_FIRST


def test_token_counts_once_a_row() -> None:
    rows, buckets = token_grams([["a:b", "a:b"], ["a:b"]])
    assert rows.tolist() == [0, 1]
    assert buckets.tolist() == [token_bucket("a:b")] * 2


def test_long_text_is_cut_in_its_middle() -> None:
    text = "a" * TEXT_CHARS_MAX + "end"
    assert len(shortened(text)) == TEXT_CHARS_MAX
    assert shortened(text).endswith("end")


def test_no_texts_give_an_empty_count() -> None:
    assert len(text_counts([" "]).counts) == 0
    assert np.isfinite(text_counts(["x"]).counts).all()
