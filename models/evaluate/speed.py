"""How fast and how large: measured on one core, in processes of their own.

An evaluation holds all the data and its words: a worker in which nothing else is has another pace.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

from models.document import Document
from models.evaluate.baseline import Textbook
from models.evaluate.table import Measured
from models.predict import Scorer
from models.registry import read_manifest

ROUNDS = 3
_PROBE = """
import json, sys, time
from pathlib import Path
import numpy, scipy.sparse, sklearn.pipeline, sklearn.linear_model, skops.io, scipy.stats
start = time.perf_counter()
from models.document import Document
from models.predict import Scorer
scorer = Scorer.load(*map(Path, sys.argv[1:]))
loaded = time.perf_counter() - start
scorer.score([Document("You are a comment of some words, number %d" % at) for at in range(200)])
lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
pss = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
print(json.dumps({"load_s": loaded, "pss_mb": pss / 1024}))
"""


@dataclass(frozen=True, slots=True)
class Footprint:
    """Seconds to load after numpy and scikit-learn are imported; PSS of the process in MB."""

    load_s: float
    pss_mb: float


def footprint(folders: Sequence[Path]) -> Footprint:
    """Return load time and memory of a fresh process that loads and scores.

    `folders` are those of the model and of the second stage, if there is one.
    """
    root = Path(__file__).parents[2]
    result = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", _PROBE, *(str(folder.resolve()) for folder in folders)],
        capture_output=True,
        check=True,
        text=True,
        cwd=root,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    return Footprint(**json.loads(result.stdout))


def comments_a_second(score: Callable[[], object], count: int) -> float:
    """Return the best of some rounds, by processor time, so that neighbours do not count."""
    best = float("inf")
    with threadpool_limits(1):
        for _ in range(ROUNDS):
            start = time.process_time()
            score()
            best = min(best, time.process_time() - start)
    return count / best


def _pace(folders: Sequence[Path], texts: Sequence[str]) -> float:
    scorer = Scorer.load(*folders)
    documents = [Document(text) for text in texts]
    return comments_a_second(lambda: scorer.score(documents), len(documents))


def _textbook_pace(textbook: Textbook, texts: Sequence[str]) -> float:
    return comments_a_second(lambda: textbook(texts), len(texts))


def speed_rows(folders: Sequence[Path], texts: Sequence[str], textbook: Textbook) -> list[Measured]:
    """Return the rows on speed, size, load time and memory.

    `folders` are those of the model and of the second stage, if there is one.
    """
    fresh = get_context("spawn")
    with ProcessPoolExecutor(1, fresh) as process:
        ours = process.submit(_pace, folders, texts).result()
    with ProcessPoolExecutor(1, fresh) as process:
        book = process.submit(_textbook_pace, textbook, texts[:500]).result()
    size = sum(
        (folder / name).stat().st_size
        for folder in folders
        for name in read_manifest(folder)["files"]
    )
    held = footprint(folders)
    length = sum(map(len, texts)) / len(texts)
    nan = float("nan")
    return [
        Measured(
            "comments a second on one core, text to all scores",
            book,
            ours,
            1500,
            5000,
            rows=len(texts),
            note=f"mean length {length:.0f} characters, batches of 64",
        ),
        Measured("shipped weights, MB", nan, size / 1e6, 20, 10, "lower"),
        Measured("load time, s", nan, held.load_s, 1.0, 0.3, "lower"),
        Measured(
            "memory of a worker with the model, MB (PSS)", nan, held.pss_mb, 200, 120, "lower"
        ),
    ]
