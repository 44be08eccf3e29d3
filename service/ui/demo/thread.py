"""Comments in the order and shape in which a page shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .comments import Comment
from .moderation import Reason


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with all answers below it, oldest first, whomever they answer."""

    comment: Comment
    replies: tuple[Comment, ...]


def threads(comments: Iterable[Comment]) -> list[Thread]:
    """Group comments (oldest first) into threads of two levels."""
    top: dict[str, Comment] = {}
    replies: dict[str, list[Comment]] = {}
    thread_of: dict[str, str] = {}
    for comment in comments:
        # An answer to something that is not shown stands on its own.
        thread = thread_of.get(comment.parent or "", comment.id)
        thread_of[comment.id] = thread
        if thread == comment.id:
            top[thread] = comment
        else:
            replies.setdefault(thread, []).append(comment)
    return [Thread(comment, tuple(replies.get(key, ()))) for key, comment in top.items()]


def marked_passages(text: str, reasons: Iterable[Reason]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether some reason is about it."""
    marked = [False] * len(text)
    for start, end in (span for reason in reasons for span in reason.spans):
        marked[start:end] = [True] * len(marked[start:end])
    piece_start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or marked[position] != marked[piece_start]:
            yield text[piece_start:position], marked[piece_start]
            piece_start = position
