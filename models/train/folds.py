"""Which rows train, which choose (validation) and which only measure (test)."""

import hashlib
import re

TEST_EVERY = 5
"""One row in so many is test: fixed by the project, the same for every toxicity source."""
VALIDATION_EVERY = 10
"""One of the remaining rows in so many is validation: calibration, blends and thresholds."""
_FOLD_CHARS = 200


def digest_of(text: str) -> str:
    """Return the name of a text that decides its fold."""
    squeezed = re.sub(r"\W+", " ", text.lower()).strip()[:_FOLD_CHARS]
    return hashlib.md5(squeezed.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def fold_of(text: str) -> str:
    """Return "test", "validation" or "train" for a raw text; copies fall on one side."""
    digest = digest_of(text)
    if int(digest[:8], 16) % TEST_EVERY == 0:
        return "test"
    if int(digest[8:16], 16) % VALIDATION_EVERY == 0:
        return "validation"
    return "train"
