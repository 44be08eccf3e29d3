"""Spam rows: what readers and robots sent to blogs, forms and channels, and plain comments."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from models.document import Document
from models.train.folds import fold_of
from models.train.readers import SOURCE as READERS
from models.train.readers import readers
from models.train.rows import Row, lines_of, records
from models.train.templates import TEXTS
from models.train.toxicity_rows import (
    civil,
    civil_spans,
    impermium,
    more_wikipedia,
    social,
    wikipedia,
)

TEMPLATE_CHARS_MIN = 30
HAACKED_EVERY = 4
GROUP_ROWS_MAX = 5
"""A campaign counts at most so often."""
FIELD_DROP_SHARE = 0.3
"""Share of training rows that lose their author or URL field, so that neither marks a source."""
URL_BLOGS = ("joehxblog", "einsteinpy", "donboulton", "buildtimes", "ploeh")
WRITTEN = "written"
"""The site of comments of our own, which came through no form."""
TODAY_SITE = "written:today"
"""That of short ones on what is sold now, spam and plain words."""
MADE = ("spintax", WRITTEN, TODAY_SITE, f"plain:{READERS}")
"""Sites of what was made for training."""
PLAIN_WEIGHT = 0.4
"""Of a comment of the toxicity sources, beside 1 of a blog's."""
READERS_WEIGHT = 0.1
"""Of a comment of our own under an article. (The heads of chats and videos weigh both alike.)"""
_PLAIN_BLOGS = ("edwinwenink", "spinningnumbers", "travisdowns", "fabienlasserre", "yasoob")
_OWN_HOSTS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:edwinwenink|einsteinpy|yasoob|joehxblog|hendrixjoseph|"
    r"spinningnumbers|travisdowns|fabienlasserre|buildtimes|eduardoboucas|donboulton|"
    r"donaldboulton|haacked|jdieter|popcorn)\.[\w./-]+",
    re.I,
)


_LINKED = (wikipedia, more_wikipedia, civil, civil_spans, impermium)
"""Sources whose links lead somewhere: those of tweets are shortened, and say nothing."""
_LINK = re.compile(r"https?://|www\.\w")


@dataclass(frozen=True, slots=True)
class SpamRow:
    """A comment with its label, the site it came from and the medium it was written in."""

    document: Document
    spam: bool
    site: str
    medium: str
    weight: float = 1.0
    group: str = ""
    year: int = 0
    sender: str = ""
    """Who sent it and to which page, if that is known."""

    @property
    def owner(self) -> str:
        """Whose site it is: what readers and what robots sent to one blog bear two names."""
        return self.site if self.site.startswith("youtube:") else self.site.split(".")[0]

    @property
    def is_comment(self) -> bool:
        """Whether a site got it: not mail, SMS, titles or chat groups, nor made for training."""
        if self.medium == "chat":
            return self.site.startswith("youtube:")
        return self.medium != "other" and self.site not in MADE


def _year(date: str) -> int:
    match = re.search(r"(?:19|20)\d\d", date)
    return int(match[0]) if match else 0


def _blog_row(record: dict[str, str], site: str, has_url: bool) -> SpamRow | None:
    if record["label"] not in ("0", "1") or record.get("owner") == "1":
        return None
    text = " ".join(part for part in (record.get("title", ""), record["text"]) if part)
    document = Document(
        body=_OWN_HOSTS.sub(" ", text[:6000]),
        author_name=record["author"] or None,
        author_url=_OWN_HOSTS.sub("", record["url"]) if has_url else None,
    )
    spam = record["label"] == "1"
    group = f"{site}:{record.get('group') or record['text'][:40]}"
    year, sender = _year(record["date"]), _sender(record, "post")
    return SpamRow(document, spam, site, "blog", 1.0, group, year, sender)


def _sender(record: dict[str, str], page: str) -> str:
    return f"{record.get(page, '')} {record.get('author', '')}".strip()


def blogs(folder: Path) -> Iterator[SpamRow]:
    """Comments of blogs: refused and published, with author, for some with URL."""
    names = [(f"blog_{site}", site) for site in (*URL_BLOGS[:4], *_PLAIN_BLOGS)]
    names += [("blog_ham_ploeh", "ploeh"), ("blog_ham_jdieter", "jdieter")]
    for name, site in names:
        for record in records(folder, name):
            if row := _blog_row(record, site, site in URL_BLOGS):
                yield row
    for record in records(folder, "blog_spam"):
        if row := _blog_row(record, record["site"], False):
            yield row


def haacked(folder: Path) -> Iterator[SpamRow]:
    """Published comments of one blog: all since May 2018, and a part of what came before."""
    for index, record in enumerate(records(folder, "blog_ham_haacked")):
        late = record["date"] >= "2018-05" or index % HAACKED_EVERY == 0
        if late and (row := _blog_row(record, "haacked", False)):
            yield row


def forms(folder: Path) -> Iterator[SpamRow]:
    """What robots sent to an open form."""
    for record in records(folder, "form_popcorn"):
        if row := _blog_row(record, "popcorn", False):
            yield replace(row, document=replace(row.document, author_name=None), weight=0.5)


def youtube(folder: Path) -> Iterator[SpamRow]:
    """Comments under three videos."""
    for record in records(folder, "youtube_uci"):
        yield SpamRow(
            Document(record["text"]),
            record["label"] == "1",
            f"youtube:{record['video']}",
            "chat",
            sender=_sender(record, "video"),
        )


def _sampled(rows: Iterable[SpamRow], share: float, seed: int) -> Iterator[SpamRow]:
    rng = np.random.default_rng(seed)
    return (row for row in rows if rng.random() < share)


def _plain(
    folder: Path, name: str, medium: str, weight: float, cut: int = 2000
) -> Iterator[SpamRow]:
    for record in records(folder, name):
        if record["label"] in ("0", "1"):
            text = " ".join(part for part in (record.get("subject"), record["text"]) if part)
            yield SpamRow(Document(text[:cut]), record["label"] == "1", name, medium, weight)


def other_media(folder: Path) -> Iterator[SpamRow]:
    """Chat, SMS, mail, titles and social media, weighed down."""
    yield from _plain(folder, "telegram", "chat", 0.6)
    yield from _sampled(_plain(folder, "youtube_indonesian", "chat", 0.4), 0.2, 1)
    yield from _sampled(_plain(folder, "sms_uci", "other", 0.3), 0.5, 2)
    yield from _sampled(_plain(folder, "stackexchange_titles", "other", 0.3), 0.5, 3)
    yield from _sampled(_plain(folder, "email_enron", "other", 0.15, 800), 0.17, 4)
    yield from _sampled(_plain(folder, "email_spamassassin", "other", 0.15, 800), 0.2, 5)
    yield from _plain(folder, "instagram_scamspot", "chat", 0.3)
    yield from _plain(folder, "x_janitr", "chat", 0.3)


def plain_comments(folder: Path) -> Iterator[SpamRow]:
    """Toxicity texts as plain comments, abusive ones too, so that abuse is not called spam.

    Of those with a link all are taken: most links in talk lead to a source, not to a shop. Those
    of our own weigh little, since they are of few hands.
    """
    parts = (
        (wikipedia, 0.42), (more_wikipedia, 0.1), (civil, 0.61), (civil_spans, 0.2),
        (impermium, 0.6), (social, 0.08), (_readers, 1.0),
    )  # fmt: skip
    rng = np.random.default_rng(6)
    for part, share in parts:
        for row in part(folder):
            chosen = rng.random() < share or (part in _LINKED and _LINK.search(row.text))
            if chosen and fold_of(row.whole) == "train":
                weight = READERS_WEIGHT if row.source == READERS else PLAIN_WEIGHT
                yield SpamRow(Document(row.text), False, f"plain:{row.source}", "news", weight)


def _readers(_folder: Path) -> Iterator[Row]:
    return readers()


_BRACES = re.compile(r"\{([^{}]*)\}")


def spun(template: str, rng: np.random.Generator) -> str:
    """Return one text of a spintax template: innermost {a|b} first."""
    for _ in range(200):
        match = _BRACES.search(template)
        if not match:
            break
        options = match[1].split("|")
        choice = options[int(rng.integers(len(options)))]
        template = template[: match.start()] + choice + template[match.end() :]
    return template


def spintax(folder: Path, rows_max: int = 1500) -> Iterator[SpamRow]:
    """Flattery as spammers generate it, from public templates."""
    path = folder / "lists" / "splorp_ref_constructs.txt.gz"
    lines = [line.strip() for line in lines_of(path)]
    lines = [line for line in lines if len(line) > TEMPLATE_CHARS_MIN]
    rng = np.random.default_rng(7)
    for index in range(rows_max):
        line = lines[index % len(lines)]
        yield SpamRow(Document(spun(line, rng)[:2000]), True, "spintax", "blog", 0.5, line[:40])


def written() -> Iterator[SpamRow]:
    """Yield comments of our own: spam that looks like a reader's words, and the reverse.

    Of each the file says what its form had: null where there is no such field.
    """
    for one in _ours("forms.jsonl"):
        document = Document(one["text"], author_name=one["author"], author_url=one["url"])
        medium = "chat" if one["medium"] == "video" else "blog"
        yield SpamRow(document, one["spam"] == 1, WRITTEN, medium)


def sold_today() -> Iterator[SpamRow]:
    """Yield short comments of our own: what is sold now, and plain words."""
    for one in _ours("today.jsonl"):
        yield SpamRow(Document(one["text"]), one["spam"] == 1, TODAY_SITE, "today")


def _ours(file: str) -> Iterator[dict[str, Any]]:
    with (TEXTS / file).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def capped(rows: Iterable[SpamRow]) -> Iterator[SpamRow]:
    """Drop what a campaign has beyond GROUP_ROWS_MAX."""
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row.group] += 1
        if not row.group or not row.spam or seen[row.group] <= GROUP_ROWS_MAX:
            yield row


def with_dropped_fields(rows: Iterable[SpamRow], seed: int = 8) -> Iterator[SpamRow]:
    """Forget author and URL of some rows, as if their form had no such field."""
    rng = np.random.default_rng(seed)
    for row in rows:
        document = row.document
        if rng.random() < FIELD_DROP_SHARE:
            document = replace(document, author_name=None)
        if rng.random() < FIELD_DROP_SHARE:
            document = replace(document, author_url=None)
        yield replace(row, document=document)


def spam_rows(data_folder: Path) -> list[SpamRow]:
    """Return all rows that may train the spam heads, in a fixed order: those of today last."""
    folder = data_folder / "spam"
    parts = (blogs, haacked, forms, youtube, other_media, spintax)
    rows = [row for part in parts for row in part(folder)]
    plain = plain_comments(data_folder / "toxicity")
    return [*rows, *written(), *plain, *sold_today()]
