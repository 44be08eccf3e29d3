"""Slurs that are too rare in the comments the model learnt from for its scores to be trusted.

Only words that mean nothing else in English: "chink", "coon" or "spade" are left to the scores.
"""

import re

_SLURS = re.compile(
    r"""\b(?:
    beaner | camel[- ]?jockey | chinam[ae]n | ching[- ]chong | dago | faggot | fudge[- ]?packer
    | gook | golliwog | gypo | half[- ]breed | heeb | hymie | jigaboo | jungle[- ]bunn(?:y|ie)
    | kaffir | kike | mongoloid | muzrat | muzzie | paki | pickaninn(?:y|ie) | pikey | polack
    | porch[- ]monkey | raghead | sand[- ]?nigger | shitskin | slant[- ]?eye | spic | subhuman
    | tar[- ]bab(?:y|ie) | towelhead | trann(?:y|ie) | untermensch(?:en)? | wetback | yid
    | zipperhead
    )s?\b""",
    re.VERBOSE,
)


def has_rare_slur(text: str) -> bool:
    """Return whether a neutral text has one of them, singular or plural."""
    return bool(_SLURS.search(text))
