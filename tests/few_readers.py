"""Comments of our own for trainings in tests: all of them would take minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import pytest

from models.train import spam_rows
from models.train.readers import readers
from models.train.spam_rows import sold_today

READERS = 60
SOLD_TODAY_EVERY = 24
"""The same for all tests of a run: two trainings that are compared may lie in two of its parts."""


@contextmanager
def few_readers() -> Iterator[None]:
    """Let few comments of our own be among the rows of spam."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spam_rows, "readers", lambda: islice(readers(), READERS))
        few = tuple(islice(sold_today(), 0, None, SOLD_TODAY_EVERY))
        patch.setattr(spam_rows, "sold_today", lambda: few)
        yield
