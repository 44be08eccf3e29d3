"""Which spam head speaks: the one for the medium that a comment looks like."""

import numpy as np
import numpy.typing as npt

from models.spam import META

Floats = npt.NDArray[np.float64]

SPAM_HEADS = ("spam_blog", "spam_words", "spam_chat", "spam_video")
"""`spam_words` is trained on the same rows as `spam_blog`, by their words alone: what an author or
an address tells on one blog misleads on another, and the mean of both errs least on unseen ones."""
ROUTES = ("form", "bare")
MIXES = np.array([[0.45, 0.45, 0.1, 0.0], [0.1, 0.1, 0.4, 0.4]])
"""Share of each head (columns as SPAM_HEADS) on each route (rows as ROUTES)."""
_FIELDS = [META.index(name) for name in ("author_known", "url_known", "email_known")]


def routes(meta: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Return 0 (form) or 1 (bare) for each document.

    A form with fields for name, URL or address is a blog's or a news site's; a bare text may
    come from anywhere, so all heads speak.
    """
    return np.where(meta[:, _FIELDS].any(axis=1), 0, 1)


def mixed_spam(heads: npt.NDArray[np.float32], route: npt.NDArray[np.int64]) -> Floats:
    """Return the uncalibrated spam logit, given the spam heads' logits (rows, heads)."""
    return np.asarray((heads.astype(np.float64) * MIXES[route]).sum(axis=1))
