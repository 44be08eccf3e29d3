"""Which language a comment is in, as far as that matters here: a few scripts and small words."""

import re

from models.lexicon import Lexicon

KNOWN_SHARE_MIN = 0.5
"""Share of words that must be known for a text to count as English."""
KNOWN_SHARE_ENOUGH = 0.8
"""Share of known words that makes a text English without any of the very common ones."""
COMMON_SHARE_NEEDED = 0.1
"""Share of very common English words that a text with unknown words must have: the lexicon knows
many words of other languages, such as names and words that English has too."""
WORDS_MIN = 4
"""With fewer words the language of a Latin text cannot be told."""
FOREIGN_SHARE_MIN = 0.5
"""Share of letters outside the Latin script that makes a text foreign."""
COMMON_SHARE_MIN = 0.3
"""Share of very common English words that settles the language at once."""
OTHER_WORDS_MIN = 2
"""Different small words of other languages that a sentence needs to be in one of them."""
OTHER_SHARE_MIN = 0.25
"""Share of such words that it needs as well; it has no common English word."""
SENTENCE_WORDS_MIN = 5
"""A sentence of fewer words is in no language."""
RUN_LETTERS_MIN = 8
"""Letters of another script, in two words at least, that make a passage."""
RUN_SYLLABLES_MIN = 6
"""The same for Chinese, Japanese and Korean, whose signs say more and may lack spaces."""
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]{1,2})?")
_TYPED = frozenset(("url", "user", "emailaddr"))
_SMALL_WORDS = {
    "de": (
        "der die das und ist nicht ein eine ich du sie wir ihr mit von zu auf für im den dem "
        "des auch es noch nur aber wenn wie dass man hat sind war wird werden doch mal hier "
        "schon kein"
    ),
    "ro": (
        "si și este nu un o in în la cu de pe ca că sa să mai ai au am pentru din ce dar iar "
        "sunt esti ești tu voi lui asta acest daca dacă cand când era fost mea sau cum toti "
        "toți le va"
    ),
    "id": (
        "yang dan di ini itu tidak dengan untuk dari saya kamu ada ke bisa aja gak nya lagi "
        "udah sudah juga akan kalau atau mau banget main banyak semua buat sama kita dia jadi"
    ),
}
_SETS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_ROMANCE_WORDS = """
    de la que en y del se por para una su lo como más pero sus le este sí porque esta entre cuando
    muy sobre también hasta donde quien desde todo eres tu não em uma dos mas foi ao ele das tem seu
    sua você et les une du qui dans pas sur ne ce il elle je vous nous avec sont ou cette ta che di
    è sono della gli sei tuo tua questo questa si un
"""
_ENGLISH_TOO = """
    a ai am an as au ca dan dem den di die do este hat has i im in is main man mit mea no pe sa so
    va war ada
"""
_OTHER_WORDS = frozenset(_ROMANCE_WORDS.split()).union(*_SETS.values()) - set(_ENGLISH_TOO.split())
"""Small words of languages with Latin letters that English sentences hardly have, but in names."""
_IN_NAMES = re.compile(r"\b(?:de la|von der)\b")
_ENGLISH_WORDS = """
    the and to of is that you it for this was are with not have but be they we what your his her my
    he she if all or who will at from by has can would just like about when there their up out i in
    on no me an as
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")
_SCRIPTS = (("ko", "\uac00", "\ud7a3"), ("ko", "\u3131", "\u318e"), ("ru", "\u0400", "\u04ff"))

_FOREIGN = r"[^\W\d_\x00-\u024f\u1e00-\u1eff]"
_RUN = re.compile(rf"(?<![^\W\d_]){_FOREIGN}+(?:[\W\d_]{{1,3}}{_FOREIGN}+)*")
_SYLLABLE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def words_of(text: str) -> list[str]:
    """Return the words of a neutral lower-case text, without typed tokens."""
    return [word for word in _WORD.findall(text) if word not in _TYPED]


def known_share(lexicon: Lexicon, words: list[str]) -> float:
    """Return the share of words that the lexicon has; 0 without words."""
    counts = lexicon.counts  # asked itself: a call for each word is most of the work
    known = sum(word in counts or word.partition("'")[0] in counts for word in words)
    return known / len(words) if words else 0.0


def foreign_share(text: str) -> float:
    """Return the share of letters outside the Latin script."""
    if text.isascii():
        return 0.0
    letters = [char for char in text if char.isalpha()]
    foreign = sum(char > "\u024f" and not "\u1e00" <= char <= "\u1eff" for char in letters)
    return foreign / len(letters) if letters else 0.0


def _script_language(text: str) -> str:
    for language, first, last in _SCRIPTS:
        if sum(first <= char <= last for char in text) * 2 > sum(map(str.isalpha, text)):
            return language
    return "other"


def language_of(lexicon: Lexicon, text: str) -> str:
    """Return "en", "de", "ro", "id", "ko", "ru", "other", or "" where it cannot be told."""
    tokens = text.split()
    if len(tokens) > WORDS_MIN:
        common = sum(map(lexicon.common.__contains__, tokens))
        if common >= COMMON_SHARE_MIN * len(tokens):
            return "en"
    if foreign_share(text) > FOREIGN_SHARE_MIN:
        return _script_language(text)
    words = words_of(text)
    known = known_share(lexicon, words)
    common = sum(map(lexicon.common.__contains__, words))
    if known >= KNOWN_SHARE_ENOUGH:  # small words of one language are words of another
        return "en"
    has_common = common > 0 and common >= COMMON_SHARE_NEEDED * len(words)
    if len(words) < WORDS_MIN:
        return "en" if has_common or known >= KNOWN_SHARE_MIN else ""
    counts = {name: sum(word in small for word in words) for name, small in _SETS.items()}
    best = max(counts, key=lambda name: counts[name])
    if has_common and known >= KNOWN_SHARE_MIN and counts[best] * 3 < len(words):
        return "en"
    return best if counts[best] * 5 >= len(words) else "other"


def has_other_passage(text: str) -> bool:
    """Tell whether a neutral English text has a sentence, or words, of another language."""
    if not text.isascii() and any(_is_passage(match[0]) for match in _RUN.finditer(text)):
        return True
    # Most texts have too few of these words: looking for sentences would take as long again.
    if len(_OTHER_WORDS.intersection(text.split())) < OTHER_WORDS_MIN:
        return False
    return any(map(_is_other_sentence, _SENTENCE_END.split(text)))


def _is_passage(run: str) -> bool:
    if len(_SYLLABLE.findall(run)) >= RUN_SYLLABLES_MIN:
        return True
    words = sum(len(word) > 1 for word in run.split())
    return words > 1 and sum(map(str.isalpha, run)) >= RUN_LETTERS_MIN


def _is_other_sentence(sentence: str) -> bool:
    words = _WORD.findall(_IN_NAMES.sub("", sentence))
    if len(words) < SENTENCE_WORDS_MIN or not _ENGLISH.isdisjoint(words):
        return False
    other = [word for word in words if word in _OTHER_WORDS]
    return len(set(other)) >= OTHER_WORDS_MIN and len(other) >= OTHER_SHARE_MIN * len(words)
