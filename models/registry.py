"""Model files: where they are, what they hold, and whether they are what they claim."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import sklearn.utils
from sklearn.pipeline import Pipeline

from models.classifier import TRUSTED
from models.errors import ModelError
from models.second import SecondStage

# skops collects the names of all of scikit-learn's estimators when it is imported, to trust them
# by default: 7 MiB and a twentieth of a second for a list that must not count here.
_everything, sklearn.utils.all_estimators = sklearn.utils.all_estimators, list
try:
    from skops.io import get_untrusted_types, load
finally:
    sklearn.utils.all_estimators = _everything

SHIPPED = Path(__file__).parent / "shipped"
MODEL_FILE = "model.skops"
MANIFEST_FILE = "manifest.json"


def _order(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", folder.name))


def newest(shipped: Path = SHIPPED) -> Path:
    """Return the newest version's folder; ModelError if there is none."""
    folders = [path.parent for path in shipped.glob(f"*/{MANIFEST_FILE}")]
    if not folders:
        raise ModelError(f"No model in {shipped}: run `commentdesk train DATA_DIR` first.")
    return max(folders, key=_order)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file; ModelError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from None


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a version's manifest; ModelError if it is missing or not JSON."""
    path = folder / MANIFEST_FILE
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{folder} has no {MANIFEST_FILE}: it is not a model folder.") from None
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise ModelError(f"{path} is not valid JSON: restore the model folder.") from None
    if not isinstance(manifest, dict):
        raise ModelError(f"{path} is not a JSON object: restore the model folder.")
    return manifest


def verify(folder: Path, manifest: dict[str, Any]) -> None:
    """Compare each file with its hash in the manifest; ModelError names one that differs."""
    files = manifest.get("files")
    if not isinstance(files, dict) or MODEL_FILE not in files:
        raise ModelError(
            f"The manifest in {folder} has no hash of {MODEL_FILE}: restore the folder."
        )
    for name, expected in files.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{name} is missing in {folder}: restore the model folder.")
        if file_hash(path) != expected:
            raise ModelError(f"{path} does not match its manifest: restore the model folder.")


def model_hash(folder: Path) -> str:
    """Return the SHA-256 of a version's model, as its manifest gives it."""
    files = read_manifest(folder).get("files") or {}
    return str(files.get(MODEL_FILE, ""))


def load_pipeline(folder: Path) -> Pipeline:
    """Return the verified pipeline of a version; ModelError if the folder holds something else."""
    pipeline = _load(folder)
    if not isinstance(pipeline, Pipeline):
        raise ModelError(f"{folder} holds no model that can score alone: name a model folder.")
    return pipeline


def load_second_stage(folder: Path) -> SecondStage:
    """Return the verified second stage of a folder; ModelError if it holds something else."""
    stage = _load(folder)
    if not isinstance(stage, SecondStage):
        raise ModelError(f"{folder} holds no second stage: name the folder of one.")
    return stage


def _load(folder: Path) -> Any:
    """Return what a verified folder holds; only known types are ever built."""
    verify(folder, read_manifest(folder))
    path = folder / MODEL_FILE
    unknown = sorted(set(get_untrusted_types(file=path)) - set(TRUSTED))
    if unknown:
        raise ModelError(f"{path} holds types that are not trusted: {', '.join(unknown)}.")
    return load(path, trusted=TRUSTED)
