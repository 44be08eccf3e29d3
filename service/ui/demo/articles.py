"""The stories of the newspaper, read from the TOML files beside this module."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

WORDS_A_MINUTE = 220
FRONT_PAGE = ("north-korea-fighter-jets", "quay-street-vote")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a story: kind is `text`, `heading` or `quote`; `by` is who is quoted."""

    kind: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One story with everything its page shows."""

    slug: str
    section: str
    kicker: str
    headline: str
    standfirst: str
    author: str
    author_role: str
    published_at: datetime
    updated_at: datetime
    image: str
    image_alt: str
    caption: str
    tags: tuple[str, ...]
    key_points: tuple[str, ...]
    blocks: tuple[Block, ...]
    questions: tuple[tuple[str, str], ...]
    first_comments: tuple[dict[str, Any], ...]

    @property
    def minutes_to_read(self) -> int:
        """Whole minutes, at least one."""
        words = sum(len(block.text.split()) for block in self.blocks)
        return max(1, round(words / WORDS_A_MINUTE))


def load_articles(folder: Path) -> dict[str, Article]:
    """All stories by slug, the front page's first, then the newest."""
    stories = [_article(path) for path in sorted(folder.glob("*.toml"))]
    stories.sort(key=lambda story: story.published_at, reverse=True)
    stories.sort(key=_place_on_front_page)
    return {story.slug: story for story in stories}


def _place_on_front_page(story: Article) -> int:
    return FRONT_PAGE.index(story.slug) if story.slug in FRONT_PAGE else len(FRONT_PAGE)


def _article(path: Path) -> Article:
    fields = tomllib.loads(path.read_text(encoding="utf-8"))
    return Article(
        blocks=tuple(_block(text) for text in fields.pop("body").strip().split("\n\n")),
        questions=tuple((faq["question"], faq["answer"]) for faq in fields.pop("faq", ())),
        first_comments=tuple(fields.pop("comments", ())),
        tags=tuple(fields.pop("tags")),
        key_points=tuple(fields.pop("key_points")),
        **fields,
    )


def _block(text: str) -> Block:
    if text.startswith("## "):
        return Block("heading", text[3:])
    if text.startswith("> "):
        words, _, speaker = text[2:].partition(" -- ")
        return Block("quote", words, speaker)
    return Block("text", text)
