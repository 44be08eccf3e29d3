"""Toxicity of the project's samples: the textbook model, a peer in its own environment, and ours.

Usage: python -m benchmarks.scoring_peers DATA_DIR [--python PYTHON]

PYTHON is an interpreter that has alt-profanity-check installed; without it, a temporary
environment is made with `python -m venv` and pip. Prints one table. "Textbook" is TF-IDF of words
and characters under logistic regressions; it and ours learn nothing from these rows. The peer
learnt from Jigsaw's whole training set, which holds the first sample.
"""

import argparse
import json
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.document import Document
from models.evaluate.measures import auc, false_positives_at_recall
from models.evaluate.run import textbook
from models.evaluate.toxicity import Texts, all_rows, test_rows
from models.predict import Scorer

PEER = "alt-profanity-check==1.9.1"
_ASK = """
import json, sys, time
from profanity_check import predict_prob
texts = json.load(sys.stdin)
start = time.process_time()
scores = [float(one) for one in predict_prob(texts)]
json.dump({"scores": scores, "seconds": time.process_time() - start}, sys.stdout)
"""


def peer_python(folder: Path) -> Path:
    """Return the interpreter of a new environment that holds the peer."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
    return python


def peer_scores(python: Path, texts: Sequence[str]) -> tuple[np.ndarray, float]:
    """Return the peer's scores and its processor seconds."""
    result = subprocess.run(
        [python, "-c", _ASK],
        input=json.dumps(list(texts)),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(result.stdout)
    return np.array(answer["scores"]), float(answer["seconds"])


def timed(score: Callable[[], Any]) -> tuple[np.ndarray, float]:
    """Return what a scorer in this process gives, and its processor seconds."""
    start = time.process_time()
    scores = np.asarray(score())
    return scores, time.process_time() - start


def ours(scorer: Scorer, texts: Sequence[str]) -> list[float]:
    """Return the published toxicity of each text."""
    judged = scorer.score([Document(text) for text in texts])
    return [one.scores["toxicity"] for one in judged]


def samples(folder: Path) -> dict[str, tuple[Texts, str]]:
    """Return the samples of the table with the column that holds their truth."""
    return {
        "Jigsaw, toxic": (test_rows(folder, "jigsaw_wikipedia").picked(4000), "toxic"),
        "insults under news": (test_rows(folder, "impermium_insults"), "insult"),
        "hostile news": (all_rows(folder, "unhealthy_news"), "hostile"),
        "Civil Comments": (test_rows(folder, "civil_comments"), "toxic"),
        "cat_wikipedia": (all_rows(folder, "cat_wikipedia").picked(5000), "toxic"),
    }


def compare(data_folder: Path, python: Path) -> None:
    """Print AUC, false positives at 95 % recall and speed of all three."""
    scorer, book = Scorer.load(), textbook(data_folder / "toxicity")
    print(f"| sample | n | measure | textbook | {PEER} | commentdesk {scorer.version} |")
    print("|---|---|---|---|---|---|")
    for name, (rows, column) in samples(data_folder / "toxicity").items():
        texts, truth = rows.texts, rows.labels(column)
        found = [
            timed(lambda texts=texts: book(texts)[:, 0]),
            peer_scores(python, texts),
            timed(lambda texts=texts: ours(scorer, texts)),
        ]
        measures = {
            "ROC-AUC": [f"{auc(truth, scores):.3f}" for scores, _ in found],
            "false positives at 95 % recall": [
                f"{false_positives_at_recall(truth, scores):.3f}" for scores, _ in found
            ],
            "comments a second": [f"{len(rows) / seconds:,.0f}" for _, seconds in found],
        }
        for measure, cells in measures.items():
            print(f"| {name} | {len(rows):,} | {measure} | {' | '.join(cells)} |")


def main() -> None:
    """Parse the arguments and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--python", type=Path)
    arguments = parser.parse_args()
    if arguments.python:
        compare(arguments.data_dir, arguments.python)
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(arguments.data_dir, peer_python(Path(folder)))


if __name__ == "__main__":
    main()
