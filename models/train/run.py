"""One training run: build, describe, write."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from models.registry import SHIPPED, file_hash
from models.train.build import build
from models.train.ship import write_model

VERSION = "2026.11.1"
DATE = "2026-11-24"
SEED = 0


def data_files(data_folder: Path) -> dict[str, Any]:
    """Return hash and size of each data file that training may read."""
    paths = sorted(data_folder.glob("*/*.csv.gz"))
    return {
        f"{path.parent.name}/{path.name}": {"sha256": file_hash(path), "bytes": path.stat().st_size}
        for path in paths
    }


def train_model(
    data_folder: Path, teacher: bool, output: Path | None, say: Callable[[str], None]
) -> Path:
    """Train on a data folder, write the version's folder and return it."""
    pipeline = build(data_folder, say)
    manifest: dict[str, Any] = {
        "version": VERSION,
        "date": DATE,
        "seed": SEED,
        "data": data_files(data_folder),
        "numpy": np.__version__,
        "scikit_learn": sklearn.__version__,
        "policy": POLICY,
    }
    return write_model(output or SHIPPED / VERSION, pipeline, manifest)


POLICY = {
    "spam": {"hold": 0.3, "reject": 0.97},
    "toxicity": {"hold": 0.35, "reject": 0.96},
    "severe_toxicity": {"hold": 0.2, "reject": 0.8},
    "insult": {"hold": 0.5, "reject": 0.97},
    "identity_attack": {"hold": 0.2, "reject": 0.95},
    "profanity": {"hold": 0.6, "reject": 0.99},
    "threat": {"hold": 0.1, "reject": 0.9},
}
