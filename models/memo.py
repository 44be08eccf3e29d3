"""A bounded memory for what is worked out word by word."""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


class Memo(dict[str, Value]):
    """A dictionary that works out the value of a word when it is first asked for it.

    Known words are found without a call, so that `map(memo.__getitem__, words)` runs in C. Words of
    more than `chars_max` characters are worked out each time, and all are forgotten when
    `words_max` are known.
    """

    def __init__(self, work: Callable[[str], Value], words_max: int, chars_max: int) -> None:
        super().__init__()
        self._work = work
        self._words_max = words_max
        self._chars_max = chars_max

    def __missing__(self, word: str) -> Value:
        value = self._work(word)
        if len(word) <= self._chars_max:
            if len(self) >= self._words_max:
                self.clear()
            self[word] = value
        return value
