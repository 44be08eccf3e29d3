"""Facts about group commit: one leader writes for all that came meanwhile."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.storage.grouping import Groups


class Slow:
    """A write that lets others gather while its first group is under way."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, items: Sequence[int]) -> Callable[[], None]:
        """Note the group; the first one lasts until it is told to go on."""
        self.groups.append(list(items))
        self.begun.set()
        assert self.go_on.wait(5)
        return lambda: None


def test_those_who_come_during_a_write_are_written_together() -> None:
    groups: Groups[int] = Groups()
    write = Slow()
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(groups.join, 0, write)
        assert write.begun.wait(5)
        others = [pool.submit(groups.join, number, write) for number in range(1, 9)]
        while len(groups._waiting) < 8:
            pass
        write.go_on.set()
        for done in (first, *others):
            done.result(5)
    assert [sorted(group) for group in write.groups] == [[0], [1, 2, 3, 4, 5, 6, 7, 8]]


def test_everybody_is_written_once_whatever_the_timing() -> None:
    groups: Groups[int] = Groups()
    written: list[int] = []

    def write(items: Sequence[int]) -> Callable[[], None]:
        written.extend(items)
        return lambda: None

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: groups.join(number, write), range(2000)))
    assert sorted(written) == list(range(2000))


def test_a_write_that_breaks_releases_its_followers_and_the_next_group() -> None:
    groups: Groups[int] = Groups()

    def broken(_items: Sequence[int]) -> Callable[[], None]:
        raise RuntimeError("disk")

    with pytest.raises(RuntimeError):
        groups.join(1, broken)
    written: list[int] = []
    groups.join(2, lambda items: lambda: written.extend(items))
    assert written == [2]
