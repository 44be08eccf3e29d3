"""How much spam rows count, and which heads judge which rows."""

import numpy as np

from models.document import Document
from models.features import BUCKETS, TOKEN_FIRST
from models.spam import META
from models.spam_rule import SPAM_HEADS
from models.train.spam_fit import balanced_urls, columns_read, site_parts, spam_weights
from models.train.spam_rows import TODAY_SITE, WRITTEN, SpamRow


def balanced(*rows: tuple[float, bool, bool]) -> list[float]:
    """Weights of rows given as (weight, spam, with a URL)."""
    weights, spam, url = (np.array(column) for column in zip(*rows, strict=True))
    return balanced_urls(weights.astype(np.float32), spam.astype(np.float32), url).tolist()


def test_spam_with_a_url_counts_no_more_than_plain_comments_with_one() -> None:
    rows = [(1.0, True, True), (1.0, True, True), (0.5, False, True), (1.0, True, False)]
    assert balanced(*rows) == [0.25, 0.25, 0.5, 1.0]


def test_urls_that_mislead_nobody_are_left_as_they_are() -> None:
    assert balanced((1.0, True, True), (1.0, False, True), (1.0, False, True)) == [1.0, 1.0, 1.0]
    assert balanced((1.0, True, True), (1.0, False, False)) == [1.0, 1.0]


def row(site: str, medium: str) -> SpamRow:
    return SpamRow(Document("x"), False, site, medium)


def test_each_blog_and_each_video_is_judged_by_heads_that_know_all_others() -> None:
    blogs = [row(name, "blog") for name in ("quay", "quay.example", "fair", "ferry")]
    video = row("youtube:harbour", "chat")
    quay, again, *alone = site_parts([*blogs, video, row("mail", "other")]).tolist()
    assert quay == again
    assert len({quay, *alone}) == 5


def test_plain_comments_are_dealt_out_one_by_one() -> None:
    parts = site_parts([row("plain:talk", "news") for _ in range(4)])
    assert len(set(parts.tolist())) == 4


def test_our_rows_on_what_is_sold_now_are_dealt_out_and_teach_one_head() -> None:
    rows = [row(TODAY_SITE, "today") for _ in range(3)]
    assert len(set(site_parts(rows).tolist())) == 3
    taught = {head for head in SPAM_HEADS if spam_weights(rows, head).any()}
    assert taught == {"spam_today"}


def test_what_is_sold_now_is_learnt_beside_what_is_plain_everywhere() -> None:
    rows = [
        row(WRITTEN, "blog"),
        row("plain:talk", "news"),
        row("quay", "blog"),
        row("mail", "other"),
    ]
    spam = SpamRow(Document("x"), True, "quay", "blog")
    weights = spam_weights([*rows, row("youtube:harbour", "chat"), spam], "spam_today")
    assert (weights > 0).tolist() == [True, True, True, False, True, False]


def test_what_is_sold_now_is_not_learnt_by_who_sells_it() -> None:
    columns = columns_read("spam_today", BUCKETS + len(META))
    assert columns[:TOKEN_FIRST].all()
    assert not columns[TOKEN_FIRST:BUCKETS].any()
    read = dict(zip(META, columns[BUCKETS:].tolist(), strict=True))
    unread = {name for name, value in read.items() if not value}
    assert {"author_known", "url_given", "email_known"} <= unread
    assert not {"phone", "email", "links", "own_site"} & unread
