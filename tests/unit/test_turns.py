"""Facts about turns at writing."""

import fcntl
import os
import threading
from pathlib import Path

import pytest

from service.storage import turns
from service.storage.turns import WriteTurn


def test_two_processes_never_write_at_one_time(tmp_path: Path) -> None:
    path = tmp_path / "turn"
    with WriteTurn(path):
        other = os.open(path, os.O_RDWR)  # a lock of its own, as another process would have
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            taken = True
        except BlockingIOError:
            taken = False
        finally:
            os.close(other)
    assert not taken


def test_a_turn_that_ends_in_an_error_is_given_back(tmp_path: Path) -> None:
    turn = WriteTurn(tmp_path / "turn")
    with pytest.raises(RuntimeError), turn:
        raise RuntimeError
    assert turn._threads.acquire(blocking=False)


def test_threads_take_turns(tmp_path: Path) -> None:
    turn, inside, most = WriteTurn(tmp_path / "turn"), [0], [0]

    def write() -> None:
        for _ in range(50):
            with turn:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_a_turn_that_is_never_given_back_stops_nobody_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN_WITHIN_S", 0.02)
    path = tmp_path / "turn"
    stuck = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(stuck, fcntl.LOCK_EX)
    written = False
    with WriteTurn(path):
        written = True
    os.close(stuck)
    assert written
