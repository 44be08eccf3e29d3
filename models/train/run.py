"""One training run: build, describe, write."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from models.errors import ModelError
from models.network import TokenNetwork
from models.progress import Say
from models.registry import SHIPPED, file_hash, load_pipeline, newest
from models.train.build import STAGES as BUILD_STAGES
from models.train.build import Built, build
from models.train.contrast import READS_CONTRAST
from models.train.report import REPORT_FILE, training_report
from models.train.ship import checked, write_model

VERSION = "2026.11.28"
DATE = "2026-11-28"
SEED = 0


def data_files(data_folder: Path) -> dict[str, Any]:
    """Return hash and size of each data file that training may read."""
    paths = sorted(data_folder.glob("*/*.csv.gz"))
    return {
        f"{path.parent.name}/{path.name}": {"sha256": file_hash(path), "bytes": path.stat().st_size}
        for path in paths
    }


class Network(StrEnum):
    """Where the network of a training run comes from."""

    SHIPPED = "shipped"
    """The newest shipped version, so that everyone can train the rest in minutes."""
    STUDENT = "student"
    """Distilled anew from what the last teachers said (torch)."""
    TEACHER = "teacher"
    """Distilled anew from new teachers (torch)."""


def stages(source: Network) -> int:
    """Return how many stages a training run has."""
    network = {Network.SHIPPED: 0, Network.STUDENT: 1, Network.TEACHER: 1 + 2 * len(READS_CONTRAST)}
    return BUILD_STAGES + network[source]


def train_model(data_folder: Path, source: Network, output: Path | None, say: Say) -> Path:
    """Train on a data folder, write the version's folder and return it."""
    folder = checked(output or SHIPPED / VERSION)
    network = (
        shipped_network() if source is Network.SHIPPED else distilled(data_folder, source, say)
    )
    built = build(data_folder, network, say)
    manifest = manifest_of(built, data_folder)
    write_model(folder, built.pipeline, manifest)
    (folder / REPORT_FILE).write_text(training_report(built, manifest), encoding="utf-8")
    return folder


def manifest_of(
    built: Built, data_folder: Path, version: str = VERSION, date: str = DATE
) -> dict[str, Any]:
    """Return what a model folder says of itself, but for its files."""
    return {
        "version": version,
        "date": date,
        "seed": SEED,
        "data": data_files(data_folder),
        "numpy": np.__version__,
        "scikit_learn": sklearn.__version__,
        "policy": built.policy,
        "holds_at_rates": built.holds,
        "rows": built.rows,
        "validation": {score: one.auc for score, one in built.validation.items()},
        "blend": built.pipeline["classify"].blend_,
    }


def shipped_network() -> TokenNetwork:
    """Return the network of the newest shipped version."""
    network: TokenNetwork = load_pipeline(newest())["classify"].network_
    return network.ready()


def distilled(data_folder: Path, source: Network, say: Say) -> TokenNetwork:
    """Return a newly distilled network; ModelError if torch is not installed."""
    try:
        from models.train.distil import distil, distil_kept  # noqa: PLC0415 - the extra "teacher"
    except ImportError:
        raise ModelError(f"--{source} needs torch: install the extra 'teacher'.") from None
    return (distil if source is Network.TEACHER else distil_kept)(data_folder, say)
