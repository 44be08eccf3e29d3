"""Group commit: whoever comes while a write is under way is written together with the others.

Leader and followers, without a thread of its own: who finds nobody writing leads and writes all
that wait; who finds a leader waits, and either gets a result or leads the next group.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

Item = TypeVar("Item")

GROUP_MAX = 256

Write: TypeAlias = Callable[[Sequence[Item]], Callable[[], None]]


class _Seat(Generic[Item]):
    __slots__ = ("called", "done", "item")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.done = False
        self.called = threading.Lock()
        self.called.acquire()


class Groups(Generic[Item]):
    """Brings items of many threads together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Seat[Item]] = []
        self._led = False

    @property
    def waiting(self) -> int:
        """How many items wait for the next write."""
        return len(self._waiting)

    def join(self, item: Item, write: Write[Item]) -> None:
        """Return when `item` was given to `write`, by this thread or by another, and it is done.

        `write` stores what each item came to in the item itself and must not raise. It returns
        what is to be done before the items' threads go on, while the next group is written.
        """
        seat = _Seat(item)
        with self._lock:
            self._waiting.append(seat)
            leads = not self._led
            self._led = True
        if not leads:
            seat.called.acquire()
        if not seat.done:
            self._lead(seat, write)

    def _lead(self, own: _Seat[Item], write: Write[Item]) -> None:
        with self._lock:
            group, self._waiting = self._waiting[:GROUP_MAX], self._waiting[GROUP_MAX:]
        try:
            try:
                finish = write([seat.item for seat in group])
            finally:
                self._pass_on()
            finish()
        finally:
            for seat in group:
                seat.done = True
                if seat is not own:
                    seat.called.release()

    def _pass_on(self) -> None:
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._led = following is not None
        if following:
            following.called.release()
