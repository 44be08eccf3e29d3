"""Writes a model folder: the same model gives the same bytes."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator
from skops.io import dumps

from models.registry import MANIFEST_FILE, MODEL_FILE, file_hash

_EPOCH = (2020, 1, 1, 0, 0, 0)


def canonical(model: bytes) -> bytes:
    """Return a skops file without what differs from run to run: object ids and clock times."""
    source = zipfile.ZipFile(io.BytesIO(model))
    schema = json.loads(source.read("schema.json"))
    names: dict[str, str] = {}
    ids: dict[int, int] = {}
    _renumber(schema, names, ids)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for old, new in names.items():
            archive.writestr(_entry(new), source.read(old))
        archive.writestr(_entry("schema.json"), json.dumps(schema, indent=1))
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _renumber(node: Any, names: dict[str, str], ids: dict[int, int]) -> None:
    """Rename array files and object ids in the order in which they appear."""
    if isinstance(node, list):
        for child in node:
            _renumber(child, names, ids)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("__id__"), int):
        node["__id__"] = ids.setdefault(node["__id__"], len(ids))
    if isinstance(node.get("file"), str):
        name = node["file"]
        suffix = Path(name).suffix
        node["file"] = names.setdefault(name, f"{len(names)}{suffix}")
    for child in node.values():
        _renumber(child, names, ids)


def write_model(folder: Path, model: BaseEstimator, manifest: dict[str, Any]) -> Path:
    """Write a pipeline, or a second stage, and its manifest into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / MODEL_FILE
    path.write_bytes(canonical(dumps(model)))
    manifest = {**manifest, "files": {MODEL_FILE: file_hash(path)}}
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")
    return folder
