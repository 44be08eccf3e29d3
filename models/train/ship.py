"""Writes a model folder: the same model gives the same bytes."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from sklearn.base import BaseEstimator
from skops.io import dumps

from models.errors import ModelError
from models.registry import MANIFEST_FILE, MODEL_FILE

_EPOCH = (2020, 1, 1, 0, 0, 0)
_NEW = ".new"


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


def checked(folder: Path) -> Path:
    """Return a folder that a run will be able to write; ModelError says why it will not be."""
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
        if is_new:
            folder.rmdir()
    except OSError as error:
        raise _refused(folder, error) from None
    return folder


def write_model(folder: Path, model: BaseEstimator, manifest: dict[str, Any]) -> Path:
    """Write a pipeline, or a second stage, and its manifest into a folder, and return it.

    Both are written beside what is there, which they replace when they are whole. ModelError says
    what came between, such as a full disk.
    """
    data = canonical(dumps(model))
    manifest = {**manifest, "files": {MODEL_FILE: hashlib.sha256(data).hexdigest()}}
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    contents = {MODEL_FILE: data, MANIFEST_FILE: f"{text}\n".encode()}
    fresh = {folder / f"{name}{_NEW}": content for name, content in contents.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in fresh.items():
            path.write_bytes(content)
        for path in fresh:
            path.replace(path.with_name(path.name.removesuffix(_NEW)))
    except OSError as error:
        for path in filter(Path.is_file, fresh):
            path.unlink()
        raise _refused(folder, error) from None
    return folder


def _refused(folder: Path, error: OSError) -> ModelError:
    return ModelError(f"{folder} cannot be written ({error.strerror}): make room, or name another.")
