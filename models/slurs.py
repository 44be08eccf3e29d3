"""Slurs that are too rare in the comments the model learnt from for its scores to be trusted.

Only words that mean nothing else in English: "chink", "coon" or "spade" are left to the scores.
"""

import re

# A line each letter and a sign before, not an edge: both make every other word fail sooner. A set
# of two for the sign is tried in half the time of \W alone.
_SLURS = re.compile(
    r"""[\ \W](?:
    beaner
    | c(?:amel[- ]?jockey | hinam[ae]n | hing[- ]chong)
    | d(?:ago | indu[ ]nuffin)
    | f(?:aggot | udge[- ]?packer)
    | g(?:ook | olliwog | ypo)
    | h(?:alf[- ]breed | eeb | ymie)
    | j(?:igaboo | ungle[- ]bunn(?:y|ie))
    | k(?:affir | ike)
    | m(?:ongoloid | uzrat | uzzie)
    | p(?:aki | ickaninn(?:y|ie) | ikey | olack | orch[- ]monkey)
    | raghead
    | s(?:and[- ]?nigger | hitskin | lant[- ]?eye | pic | ubhuman)
    | t(?:ar[- ]bab(?:y|ie) | owelhead | rann(?:y|ie) | r(?:00n | oon(?=s)))
    | untermensch(?:en)?
    | wetback
    | yid
    | zipperhead
    )s?\b""",
    re.VERBOSE,
)

_ECHO = re.compile(r"(?<![\w(])\(\(\( ?[\w' ]{3,40} ?\)\)\)")
"""Parentheses that mark somebody as a Jew."""


def has_rare_slur(text: str) -> bool:
    """Return whether a neutral text has one of them, singular or plural, or an echo."""
    return bool(_SLURS.search(f" {text}") or ("(((" in text and _ECHO.search(text)))
