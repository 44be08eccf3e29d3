"""WordPiece against cuts known from uncased BERT."""

import pytest

from models.wordpiece import WORD_CHARS_MAX, WordPiece

VOCABULARY = [
    "[UNK]",
    "un",
    "##aff",
    "##able",
    "cafe",
    "!",
    "'",
    "don",
    "t",
    "a",
    "##b",
    "東",
    "京",
]
CUT = WordPiece(VOCABULARY)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("unaffable", ["un", "##aff", "##able"]),
        ("Café!", ["cafe", "!"]),
        ("don't", ["don", "'", "t"]),
        ("ab a", ["a", "##b", "a"]),
        ("xyz", ["[UNK]"]),
        ("東京", ["東", "京"]),
        ("", ["[UNK]"]),
        ("\u200b", ["[UNK]"]),
    ],
)
def test_text_is_cut_as_bert_cuts_it(text: str, tokens: list[str]) -> None:
    assert [VOCABULARY[one] for one in CUT(text, 50)] == tokens


def test_too_long_word_is_unknown() -> None:
    assert CUT("a" * (WORD_CHARS_MAX + 1), 50) == [0]


def test_no_more_than_the_asked_number_of_tokens() -> None:
    assert len(CUT("a " * 100, 7)) == 7
