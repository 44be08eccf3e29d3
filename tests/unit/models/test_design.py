"""Features of many documents, and the weight of each n-gram."""

import numpy as np

from models.document import Document
from models.features import TOKEN_FIRST
from models.lexicon import Lexicon
from models.links import LISTS
from models.reader import Reader
from models.train.design import Design, inverse_frequencies, joined, read_design


def design(*texts: str) -> Design:
    reader = Reader().take(
        Lexicon.of({"hello": 5}, ()), {name: np.array([], dtype=np.uint64) for name in LISTS}
    )
    return read_design(reader, [Document(text) for text in texts])


def test_rows_of_our_own_weigh_only_what_no_other_has() -> None:
    theirs, ours = (
        design("good words here", "good words there"),
        design("cheap words", "cheap pills"),
    )
    alone, both = inverse_frequencies([theirs]), inverse_frequencies([theirs], [ours])
    known = np.bincount(theirs.counts.indices, minlength=TOKEN_FIRST)[:TOKEN_FIRST] > 0
    assert (both[known] == alone[known]).all()
    assert (alone[~known] == 0).all()
    assert both[~known].any()


def test_joined_designs_are_read_as_one() -> None:
    parts, whole = (
        [design("a b c"), design("d e", "f http://a.example")],
        design("a b c", "d e", "f http://a.example"),
    )
    one = joined(parts)
    assert one.texts == whole.texts
    assert (one.counts != whole.counts).nnz == 0
    assert (one.tokens != whole.tokens).nnz == 0
    assert (one.dense == whole.dense).all()
