"""Which spam head speaks: the one for the medium that a comment looks like."""

import numpy as np
import numpy.typing as npt

from models.spam import META, META_SCALE, length_number

Floats = npt.NDArray[np.float64]

SPAM_HEADS = ("spam_blog", "spam_words", "spam_chat", "spam_video", "spam_today")
"""`spam_words` is trained on the same rows as `spam_blog`, by their words alone: what an author or
an address tells on one blog misleads on another, and the mean of both errs least on unseen ones.
`spam_today` knows by comments of our own what is sold now, of which the others have read nothing:
it is in no mix, and raises what the mix says."""
TODAY = SPAM_HEADS.index("spam_today")
ROUTES = ("form", "bare", "long")
MIXES = np.array(
    [[0.45, 0.45, 0.1, 0.0, 0.0], [0.15, 0.15, 0.35, 0.35, 0.0], [0.25, 0.25, 0.25, 0.25, 0.0]]
)
"""Share of each head (columns as SPAM_HEADS) on each route (rows as ROUTES)."""
LONG_CHARS = 300
"""Comments on videos are seldom so long: to the heads that know them, most of what is, is spam."""
_FIELDS = [META.index(name) for name in ("author_known", "url_known", "email_known")]
_LENGTH = META.index("length")
_LONG = np.float32(length_number(LONG_CHARS)) * np.float32(META_SCALE)


def routes(meta: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Return 0 (form), 1 (bare) or 2 (long) for each document.

    A form with fields for name, URL or address is a blog's or a news site's; a bare text may
    come from anywhere, so all heads speak: those of chats and videos louder, unless it is long.
    """
    bare = np.where(meta[:, _LENGTH] >= _LONG, 2, 1)
    return np.where(meta[:, _FIELDS].any(axis=1), 0, bare)


def mixed_spam(heads: npt.NDArray[np.float32], route: npt.NDArray[np.int64]) -> Floats:
    """Return the uncalibrated spam logit, given the spam heads' logits (rows, heads)."""
    return np.asarray((heads.astype(np.float64) * MIXES[route]).sum(axis=1))
