"""Abuse that is too rare in the comments the model learnt from for its scores to be trusted.

Slurs, and wishes, threats and swear words in code or abbreviated. Lists of our own, of words that
mean hardly anything else; what is plain more often than not is left to the scores.
"""

import re
from collections.abc import Iterable, Iterator

from models.alternatives import any_of, words

Range = tuple[int, int]

UNFAMILIAR_SLUR = "unfamiliar_slur"
"""Flag of a comment with a rare slur."""
UNFAMILIAR_ABUSE = "unfamiliar_abuse"
"""Flag of a comment with rare abuse of another kind."""
_SLURS = """
    abos batty-boy beaner bog-trotter bohunk boong bugmen bulldyke camel-fucker camel-humper
    camel-jockey carpet-muncher chinaman ching-chong chinks chinky christ-killer coon-ass
    coon-asses curry-monkey curry-muncher dago darkie darky dindu dot-head dune-coon dune-nigger
    eyetie faggot femoid foid fudge-packer globohomo goat-fucker goat-humper golliwog gollywog
    gook greaseball groid gypo gyppo half-breed heeb hohols holohoax honkey hooknose hymie injun
    jap jeets jewboy jigaboo jiggaboo jungle-bunny jungle-monkey kaffir kangz kebab-remover
    khokhol kike krauts lezbo lezzie limeys mongoloid moon-cricket mudshark mudslime mulignan
    muslime muslimes muzrat muzzie negress nibba nig-nog niglet oven-dodger pajeet paki
    piccaninny pickaninny pikey pillow-biter polack poo-in-loo poo-in-the-loo poofter
    porch-monkey rag-head rapefugee rug-muncher sand-monkey sand-nigger schvartze she-boon
    she-male sheboon shirt-lifter shitskin shvartze slant-eye slope-head soy-boy spic spick
    street-shitter subhuman taig tar-baby towel-head tr00n trannie tranny troons turd-worlder
    untermensch untermenschen wagon-burner wetback whigger wigger wog wop yid zionazi zipperhead
"""
_PEOPLE = """
    abo chink coon half-caste hohol honky jeet katsap khokhol limey mick moskal nip third-worlder
"""
"""Words that are slurs after one for people, and otherwise names, cats or gaps in an armour."""
_BEFORE_PEOPLE = """
    another bloody damn dirty dumb evil filthy fucking lazy lying smelly stinking stupid these those
    thieving typical ugly you
"""
_SELF = "(?:(?:yo)?urself|(?:him|her)self|themselves)"
_DAILY = "go to school|(?:live|park|sleep|work)s?"
_BEFORE_WISHES = ("go", "just", "please", "should")
_CODED = (
    # Wishes that somebody were dead, and advice to see to it.
    "kys", rf"unaliv\w{{1,3}} (?:{_SELF}|u|you|him|her|them)", "sewer[ -]?slide",
    *(f"{word} (?:kms|(?:neck|off|rope) {_SELF}|self[ -]?delete)" for word in _BEFORE_WISHES),
    "no[ -]?(?:body|one) (?:will|would) (?:even |ever )?miss (?:u|you)", "becom(?:e|ing) an hero",
    "world (?:will|would) be (?:a )?better (?:off |place )?without (?:u|you)",
    "should(?:'ve| have) (?:aborted|swallowed) (?:u|you)", "should(?:'ve| have) pulled out",
    "should(?:'ve| have) been (?:aborted|swallowed)", "join the 41 ?%", "day of the rope",
    "free helicopter rides?", "good raping", "line (?:th)?em (?:all )?up against (?:a|the) wall",
    # Threats.
    *(f"{who} know where (?:u|you|ur|your) (?:\\w{{1,12}} ){{0,2}}(?:{_DAILY})"
      for who in ("i", "we")),
    "sleep with (?:one eye|your eyes) open", "watch (?:yo)?ur back",
    "get what(?:'s| is|s) coming to (?:u|you)",
    # Hatred of groups.
    "six million (?:is|was|were)(?: not|n't) enough", "gorillions?", "uncle adolf", "goyim know",
    "hitler (?:did nothing wrong|was right)", "finished the job in (?:19)?4[45]", "14 ?/ ?88",
    "13/5[02]", "despite (?:only )?(?:being|making up)(?: just| only)? 1[234] ?(?:%|percent)",
    "basketball[ -]americans?", "ywnbaw", "you(?:'ll| will) never be a (?:real )?(?:man|woman)",
    # Swear words.
    "gfy", "foad", "fuq", "phuq", "phuck", "mf'?ers?", "mofos?", "dbags?", "d-bags?", "bellends?",
    "gtfo", "kunts?", "c u next tuesday", "a pos", "total pos", "this pos",
)  # fmt: skip
"""Branches, each of which begins with two plain signs."""
_PLAIN = re.compile(
    any_of((
        "doo[ -]?wop", "honky[ -]tonk", "kaffir[ -](?:corn|lil(?:y|ies)|limes?)", "the jap\\.",
        "chinks? (?:between|of light)",
        r"chinks? in (?:\w+ ){1,3}(?:armou?r|curtains?|fence|floor|walls?)",
        "spic[ -](?:and|n|&)[ -]span", "pos (?:system|terminal)",
    ))
)  # fmt: skip
"""Where they mean something else."""
_ECHO = re.compile(r"(?<![\w(])\(\(\( ?[\w' ]{3,40} ?\)\)\)")
"""Parentheses that mark somebody as a Jew."""


def _slurs() -> Iterator[str]:
    yield from words(_SLURS)
    people = any_of(words(_PEOPLE))
    yield from (f"{word} {people}" for word in _BEFORE_PEOPLE.split())


def _pattern(branches: Iterable[str]) -> re.Pattern[str]:
    # The sign before, not an edge: every other word fails sooner. A set of two for it is tried in
    # half the time of \W alone.
    return re.compile(rf"[\ \W](?:{any_of(branches)})(?!\w)")


_BY_FLAG = {UNFAMILIAR_SLUR: _pattern(_slurs()), UNFAMILIAR_ABUSE: _pattern(_CODED)}
_ANY = _pattern((*_slurs(), *_CODED))


def has_rare_abuse(text: str) -> bool:
    """Tell whether a neutral text has any of it."""
    return bool(rare_abuse(text))


def rare_abuse(text: str) -> dict[str, list[Range]]:
    """Return the flags of a neutral text, each with where it says what is meant."""
    spaced = f" {text}"
    found: dict[str, list[Range]] = {}
    if _ANY.search(spaced):
        plain = [match.span() for match in _PLAIN.finditer(text)]
        for flag, pattern in _BY_FLAG.items():
            # What begins after the sign before it begins a place earlier without the space.
            ranges = [(match.start(), match.end() - 1) for match in pattern.finditer(spaced)]
            if meant := [one for one in ranges if not _overlaps(one, plain)]:
                found[flag] = meant
    if "(((" in text:
        echoes = [match.span() for match in _ECHO.finditer(text)]
        found[UNFAMILIAR_SLUR] = [*found.get(UNFAMILIAR_SLUR, ()), *echoes]
    return {flag: ranges for flag, ranges in found.items() if ranges}


def _overlaps(one: Range, others: Iterable[Range]) -> bool:
    return any(start < one[1] and one[0] < end for start, end in others)
