"""WordPiece as uncased BERT cuts it, with a cache from words to ids."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import chain, islice

from models.memo import Memo

WORD_CHARS_MAX = 100
"""A longer word is one unknown token, as in BERT."""
CACHE_WORDS_MAX = 200_000
UNKNOWN = "[UNK]"
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
_ASCII_PIECES = re.compile(r"[a-z0-9]+|[^a-z0-9]")


def _is_punctuation(char: str) -> bool:
    code = ord(char)
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:
        return True
    return unicodedata.category(char).startswith("P")


def _stands_alone(char: str) -> bool:
    if _is_punctuation(char):
        return True
    return any(first <= ord(char) <= last for first, last in _IDEOGRAPHS)


def _kept(char: str) -> bool:
    return unicodedata.category(char) not in ("Mn", "Cc", "Cf", "Cs", "Co")


def pieces_of(chunk: str) -> list[str]:
    """Return a chunk without spaces cut at punctuation, lower-case, without accents."""
    if chunk.isascii() and chunk.isprintable():
        return _ASCII_PIECES.findall(chunk.lower())
    plain = unicodedata.normalize("NFD", chunk.lower())
    words: list[str] = []
    current = ""
    for char in filter(_kept, plain):
        if not _stands_alone(char):
            current += char
            continue
        words += [current, char] if current else [char]
        current = ""
    return [*words, current] if current else words


class WordPiece:
    """Cuts neutral texts into ids of a vocabulary (greedy longest match, "##" inside words)."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.ids = {token: index for index, token in enumerate(vocabulary)}
        self._inner = {token[2:]: at for token, at in self.ids.items() if token[:2] == "##"}
        self.unknown = self.ids[UNKNOWN]
        self._signs = {sign for sign in ",.!?" if sign in self.ids}
        self._known = Memo(self._cut, CACHE_WORDS_MAX, WORD_CHARS_MAX)

    def __call__(self, text: str, tokens_max: int) -> list[int]:
        """Return the ids of a text, at most `tokens_max`; an empty text is one unknown token."""
        chunks = map(self._known.__getitem__, text.split())
        ids = list(islice(chain.from_iterable(chunks), tokens_max))
        return ids or [self.unknown]

    def _cut(self, chunk: str) -> tuple[int, ...]:
        """Return the ids of a text without spaces."""
        word, sign = (chunk[:-1], chunk[-1:]) if chunk[-1:] in self._signs else (chunk, "")
        known = self.ids.get(word)
        if known is not None and word.isalnum() and word.islower() and word.isascii():  # most are
            return (known, self.ids[sign]) if sign else (known,)
        ids: list[int] = []
        for word in pieces_of(chunk):
            whole = self.ids.get(word)
            ids += self._longest(word) if whole is None else (whole,)
        return tuple(ids)

    def _longest(self, word: str) -> list[int]:
        if len(word) > WORD_CHARS_MAX:
            return [self.unknown]
        found: list[int] = []
        ids = self.ids
        start, end = 0, len(word)
        # One loop and one copy for each try: words met for the first time are cut here.
        while start < len(word):
            piece = ids.get(word[start:end])
            if piece is not None:
                found.append(piece)
                start, end, ids = end, len(word), self._inner
            elif (end := end - 1) == start:
                return [self.unknown]
        return found
