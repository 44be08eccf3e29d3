"""Fits the spam heads, and judges each site by heads that never saw it."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.calibrate import sigmoid
from models.features import BUCKETS, TOKEN_FIRST
from models.linear import Fitted, fit_head, surer
from models.progress import Say
from models.spam import META
from models.spam_rule import SPAM_HEADS
from models.train.crawl import Crawl
from models.train.spam_rows import TODAY_SITE, WRITTEN, SpamRow

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

BLOG_HEADS = ("spam_blog", "spam_words")
VIDEO_HEADS = ("spam_chat", "spam_video")
STRENGTHS = dict(zip(SPAM_HEADS, (6.0, 6.0, 10.0, 10.0, 10.0), strict=True))
NEWS_WEIGHTS = {"spam_chat": 0.05, "spam_video": 0.003, "spam_today": 0.3}
"""Plain news comments keep these heads from calling every remark spam that is not chat."""
NOT_LEARNT = ("url_known", "url_given")
FORM_FIELDS = tuple(name for name in META if name.startswith(("author_", "url_", "email_")))
"""What a form tells beside the text, of which our rows on what is sold now have nothing."""
KNOWN_WEIGHT = 0.3
"""Comments on videos, and blogs' plain ones, among the rows of the head of what is sold now."""
VIDEO_WEIGHT = 3.0
"""Videos' comments among the rows of the chat head."""
CRAWL_WEIGHT = 0.15
"""Of a video comment that nobody labelled, beside 1 of a labelled one."""
CRAWL_SHARPNESS = 2.0
"""What the heads say of such comments counts so many times as sure."""
SURE = 0.05
"""Guesses so near to 0 or 1 count as that."""
DEALT_OUT = ("news", "today")
"""Media whose rows come from no site that is judged."""
FOLDS = 16
"""Sites are dealt into so many parts, each blog and each video alone; each part is judged by heads
trained on the others. Heads that lack a third of all sites would be worse than those that ship."""


def spam_weights(rows: Sequence[SpamRow], head: str) -> Floats:
    """Return the weight of each row for a spam head; 0 leaves it out."""
    return np.array([_weight(row, head) for row in rows], dtype=np.float32)


def _weight(row: SpamRow, head: str) -> float:
    if head == "spam_today":
        return _weight_today(row)
    if row.medium == "today":
        return 0.0
    if head in BLOG_HEADS:
        return row.weight if row.medium != "chat" else 0.0
    if row.medium == "news":
        return NEWS_WEIGHTS[head]
    if row.site.startswith("youtube:"):
        return row.weight * (VIDEO_WEIGHT if head == "spam_chat" else 1.0)
    return row.weight if head == "spam_chat" and row.medium == "chat" else 0.0


def _weight_today(row: SpamRow) -> float:
    if row.site in (WRITTEN, TODAY_SITE):
        return row.weight
    if row.medium == "news":
        return NEWS_WEIGHTS["spam_today"]
    known = row.site.startswith("youtube:") or (row.medium == "blog" and not row.spam)
    return row.weight * KNOWN_WEIGHT if known else 0.0


def fit_spam(
    features: sparse.csr_matrix, rows: Sequence[SpamRow], use: Mask, crawl: Crawl
) -> list[Fitted]:
    """Return coefficients and intercept of SPAM_HEADS, trained on the rows in `use`.

    The heads of videos then learn from the crawl, too: from campaigns as spam, and from what they
    said themselves of the other comments (self-training, Scudder 1965).
    """
    fitted = {head: _fit(features, rows, use, head) for head in SPAM_HEADS}
    guesses = _guesses(crawl, [fitted[head] for head in VIDEO_HEADS])
    more = (crawl.features, guesses)
    fitted |= {head: _fit(features, rows, use, head, more) for head in VIDEO_HEADS}
    return [fitted[head] for head in SPAM_HEADS]


def _fit(
    features: sparse.csr_matrix,
    rows: Sequence[SpamRow],
    use: Mask,
    head: str,
    more: tuple[sparse.csr_matrix, Floats] | None = None,
) -> Fitted:
    weights = spam_weights(rows, head)
    chosen = np.flatnonzero(use & (weights > 0))
    read, weights = features[chosen], weights[chosen]
    learnt = [rows[at] for at in chosen.tolist()]
    truth = np.array([row.spam for row in learnt], dtype=np.float32)
    if head in BLOG_HEADS:
        weights = balanced_urls(weights, truth, np.array([_gives_url(row) for row in learnt]))
    if more is not None:
        read = sparse.vstack([read, more[0]], format="csr")
        truth = np.concatenate([truth, more[1]])
        weights = np.append(weights, np.full(len(more[1]), CRAWL_WEIGHT, np.float32))
    read = read @ sparse.diags(columns_read(head, read.shape[1]))
    return fit_head(read, truth, weights, STRENGTHS[head])


def _gives_url(row: SpamRow) -> bool:
    return bool((row.document.author_url or "").strip())


def balanced_urls(weights: Floats, truth: Floats, with_url: Mask) -> Floats:
    """Return weights under which spam with a URL counts no more than plain comments with one.

    Most rows whose author gave a URL are one blog's spam. Unchanged where no plain comment has one.
    """
    spam = with_url & (truth > 0.5)
    ours, theirs = float(weights[spam].sum()), float(weights[with_url & ~spam].sum())
    if not theirs or ours <= theirs:
        return weights
    return np.where(spam, weights * np.float32(theirs / ours), weights)


def _guesses(crawl: Crawl, heads: Sequence[Fitted]) -> Floats:
    """Return how likely each comment of the crawl is spam: campaigns are."""
    logits = np.mean([crawl.features @ weights + start for weights, start in heads], axis=0)
    guesses = surer(sigmoid(CRAWL_SHARPNESS * logits), SURE)
    return np.where(crawl.campaign, np.float32(1), guesses)


def columns_read(head: str, count: int) -> Floats:
    """Return 1 for each of `count` columns that a spam head learns from, 0 for the others.

    That a URL was given at all tells one blog's readers from another's, so no head learns it; that
    of what is sold now learns nothing of the author, since what we wrote for it has none.
    """
    read = np.ones(count, dtype=np.float32)
    if head == "spam_words":
        read[TOKEN_FIRST:] = 0
    if head == "spam_today":
        read[TOKEN_FIRST:BUCKETS] = 0
    for name in FORM_FIELDS if head == "spam_today" else NOT_LEARNT:
        read[count - len(META) + META.index(name)] = 0
    return read


def site_parts(rows: Sequence[SpamRow]) -> npt.NDArray[np.int64]:
    """Return in which of FOLDS parts each row lies.

    Sites of one owner stay together, those of comments are dealt out first; plain comments, which
    come from everywhere, and those of our own on what is sold now are dealt out one by one, so that
    no heads are trained without them.
    """
    owners = {(not row.is_comment, row.owner) for row in rows if row.medium not in DEALT_OUT}
    order = {owner: at % FOLDS for at, (_, owner) in enumerate(sorted(owners))}
    parts = [
        at % FOLDS if row.medium in DEALT_OUT else order[row.owner] for at, row in enumerate(rows)
    ]
    return np.array(parts)


def unseen_heads(
    features: sparse.csr_matrix, rows: Sequence[SpamRow], crawl: Crawl, say: Say
) -> Iterator[tuple[Mask, list[Fitted]]]:
    """Yield each part's rows, and spam heads that never saw its sites."""
    parts = site_parts(rows)
    for part in range(FOLDS):
        say(f"fits spam without sites of part {part + 1} of {FOLDS}")
        held = parts == part
        yield held, fit_spam(features, rows, ~held, crawl)


def unseen_logits(
    features: sparse.csr_matrix, parts: Iterable[tuple[Mask, list[Fitted]]]
) -> Floats:
    """Return logits of the spam heads for each row, by those of its part."""
    result = np.zeros((features.shape[0], len(SPAM_HEADS)), dtype=np.float32)
    for held, fitted in parts:
        for column, (weights, intercept) in enumerate(fitted):
            result[held, column] = features[held] @ weights + intercept
    return result
