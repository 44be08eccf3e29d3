"""Abuse that is too rare in the comments the model learnt from for its scores to be trusted.

Slurs, and wishes, threats and swear words in code or abbreviated. Lists of our own, of words that
seldom mean anything else; what is plain more often than not is left to the scores.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from models.alternatives import any_of, exactly, words

Range = tuple[int, int]

UNFAMILIAR_SLUR = "unfamiliar_slur"
"""Flag of a comment with a rare slur."""
UNFAMILIAR_ABUSE = "unfamiliar_abuse"
"""Flag of a comment with rare abuse of another kind."""
_SLURS = """
    abos batty-boy beaner bog-trotter bohunk boong bugmen bulldyke camel-fucker camel-humper
    camel-jockey carpet-muncher chinaman ching-chong chinky christ-killer coon-ass curry-monkey
    curry-muncher dago darkie darky dindu dot-head dune-coon dune-nigger eyetie faggot femoid
    foid fudge-packer globohomo goat-fucker goat-humper golliwog gollywog gook greaseball groid
    gypo gyppo half-breed heeb hohols holohoax honkey hooknose hymie injun japs jeets jewboy
    jigaboo jiggaboo jungle-bunny jungle-monkey kaffir kangz kebab-remover khokhol kike krauts
    lezbo lezzie limeys mongoloid moon-cricket mudshark mudslime mulignan muslime muzrat muzzie
    negress nibba nig-nog niglet oven-dodger pajeet paki piccaninny pickaninny pikey
    pillow-biter polack poo-in-loo poo-in-the-loo poofter porch-monkey rag-head rapefugee
    rug-muncher sand-monkey sand-nigger schvartze she-boon she-male sheboon shirt-lifter
    shitskin shvartze slant-eye slant-eyed slope-head soy-boy spic street-shitter subhuman taigs
    tar-baby towel-head tr00n tranny troons turd-worlder untermensch wagon-burner wetback
    whigger wigger wog wops yid zionazi zipperhead
"""
_SEVERAL = """
    abos chinks coons half-castes hohols honkies japs jeets katsaps limeys micks moskals nips
    third-worlders wops
"""
"""Words that are slurs after one for people, and otherwise names, cats or gaps in an armour."""
_ONE = "chink coon half-caste honky jap limey wop"
"""Those that are slurs in the singular as well, after a word of contempt."""
_POINTED_AT = "these those"
_CONTEMPT = """
    dirty dumb evil filthy fucking lazy lying smelly stinking stupid thieving ugly
"""
_IN_NAMES = """
    abos dago dagos heeb hymie jap japs kike krauts kys paki polack wigger wops yid
"""
"""Found words that are people's names, too."""
_SELF = r"(?:(?:yo)?ur|\w{2,4})sel(?:f|ves)"
_HAVE = "(?:'?ve| have| of)"


def _no_fraction(code: str, typed: str) -> str:
    """Return a branch for a code of two numbers that is no date, share, probability or sum."""
    return (
        rf"{typed}(?<![\d/.=-]{code})(?<!= {code})(?<!% \({code})(?<! was {code})"
        rf"(?<! (?:as|at|be|by|in|is|of|or) {code})(?![/\d]| ?[=x*×+] ?\d| \(\d)"
        r"(?! (?:cases|had|have|of|participants|patients|subjects|were)\b)"
    )


_CODED = (
    # Wishes that somebody were dead, and advice to see to it.
    "kys", rf"un-?aliv\w{{1,3}} (?:{_SELF}|u|you|him|her|them)", "sewer[ -]?slide",
    *(f"{word} (?:ahead )?(?:and )?(?:neck|off) {_SELF}" for word in ("go", "just", "please")),
    "neck (?:yo)?urself", "go (?:and )?rope (?:yo)?urself", "you should rope yourself",
    "go self[ -]?delete", "you should self[ -]?delete", "becom(?:e|ing) an hero",
    r"no[ -]?(?:body|one) would (?:even |ever )?miss (?:u|you)(?= at all| if you died|[.!?,]|$)",
    "world (?:will|would) be (?:a )?better (?:off |place )?without (?:u|you)",
    f"should{_HAVE} (?:aborted|swallowed) (?:u|you)", f"dad should{_HAVE} pulled out",
    f"you should{_HAVE} been (?:aborted|swallowed)", "join the 41 ?%(?! of)", "day of the rope",
    "free helicopter rides? for (?:commies|communists|leftists|liberals|traitors)", "good raping",
    "line (?:th)?em (?:all )?up against (?:a|the) wall",
    # Threats. Who asks whether he knows, or says if, means none.
    *(f"{who} know(?<!do {who} know)(?<!if {who} know) (?:exactly )?where "
      "(?:(?:u|ya|you) (?:live|sleep)|(?:yo)?ur "
      "(?:children|daughter|family|kids|mom|mother|son|wife) (?:go|live|play|sleep|work)(?:e?s)?)"
      for who in ("i", "we")),
    # Hatred of groups.
    "six million (?:was|were)(?: not|n't) enough", "gorillions?", "goyim know", "ywnbaw",
    "hitler did nothing wrong", r"hitler was right(?= all along|[.!]|$)", "basketball-americans?",
    rf"should{_HAVE} finished the job in (?:19)?4[45]", _no_fraction("14/88", "14 ?/ ?88"),
    _no_fraction("13/52", "13/52"), "you(?:'?ll| will) never be a real (?:man|woman)",
    r"despite (?:only )?(?:being|making up)(?: just| only)? 1[234] ?(?:%|percent) .{0,60}crimes?",
    # Swear words.
    "gfy", "fuq", "phuq", "phuck", "mf'?ers?", "mofos", "dbags?", "d-bags?", "bellends?", "gtfo",
    *(f"{so} pos(?! (?:device|machine|software|system|terminal))"
      for so in ("such a", "total", "what a")),
)  # fmt: skip
"""Branches, each of which begins with two plain signs."""
_PLAIN = re.compile(
    r"(?<!\w)(?:"
    + any_of((
        "honke?y[ -]tonks?", "kaffir[ -](?:corn|lil(?:y|ies)|limes?)", "subhuman conditions?",
        r"spic(?:[ -](?:and|n|&)[ -]|[ -]?'n'?[ -]?)span", r"gobb?led[ey][ -]gook",
        "chinaman (?:bowlers?|bowling|delivery)", "coon (?:cats?|dogs?|hounds?|hunt\\w*)",
        r"chinks in (?:[\w']+ ){1,3}(?:armou?r|curtains?|fence|floor|shutters|walls?)",
        "kike hern[aá]ndez",
    ))
    + r")(?!\w)"
)  # fmt: skip
"""Where they mean something else."""
_ECHO = re.compile(r"(?<![\w(])\(\(\( ?(?!(?:big |group )?hugs?\b)[\w' ]{3,40} ?\)\)\)")
"""Parentheses that mark somebody as a Jew, and do not hug anybody."""


def _slurs() -> Iterator[str]:
    yield from words(_SLURS)
    several, one = any_of(exactly(_SEVERAL)), any_of(exactly(_ONE))
    yield from (f"{word} {several}" for word in (_POINTED_AT + _CONTEMPT).split())
    yield from (f"{word} {one}" for word in _CONTEMPT.split())


def _pattern(branches: Iterable[str]) -> re.Pattern[str]:
    # The sign before, not an edge: every other word fails sooner. A set of three for it is tried in
    # half the time of \W alone.
    return re.compile(rf"[\ _\W](?:{any_of(branches)})(?![^\W_])")


_BY_FLAG = {UNFAMILIAR_SLUR: _pattern(_slurs()), UNFAMILIAR_ABUSE: _pattern(_CODED)}
_ANY = _pattern((*_slurs(), *_CODED))


def has_rare_abuse(text: str) -> bool:
    """Tell whether a neutral text has any of it."""
    return bool(rare_abuse(text))


def is_rare_abuse(name: str) -> bool:
    """Tell whether the neutral form of a name has any of it but what people are called, too."""
    found = (one for ranges in rare_abuse(name).values() for one in ranges)
    return any(name[slice(*one)] not in _IN_NAMES.split() for one in found)


def rare_abuse(text: str) -> dict[str, list[Range]]:
    """Return the flags of a neutral text, each with where it says what is meant."""
    spaced = f" {text}"
    if not (_ANY.search(spaced) or "(((" in text):
        return {}
    plain = [match.span() for match in _PLAIN.finditer(text)]
    found = {flag: _meant(pattern, spaced, plain) for flag, pattern in _BY_FLAG.items()}
    found[UNFAMILIAR_SLUR] += [match.span() for match in _ECHO.finditer(text)]
    return {flag: ranges for flag, ranges in found.items() if ranges}


def _meant(pattern: re.Pattern[str], spaced: str, plain: Sequence[Range]) -> list[Range]:
    """Return where a text, given with a space before it, has a pattern that is not `plain`."""
    # What begins after the sign before it begins a place earlier without the space.
    ranges = ((match.start(), match.end() - 1) for match in pattern.finditer(spaced))
    return [one for one in ranges if not _overlaps(one, plain)]


def _overlaps(one: Range, others: Iterable[Range]) -> bool:
    return any(start < one[1] and one[0] < end for start, end in others)
