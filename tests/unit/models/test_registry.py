"""A model folder is loaded only if it is whole and holds known types alone."""

import json
import os
import shutil
from pathlib import Path

import pytest
from sklearn.preprocessing import FunctionTransformer
from skops.io import dumps

from models.errors import ModelError
from models.predict import Scorer
from models.registry import MANIFEST_FILE, MODEL_FILE, file_hash, newest, read_manifest, verify


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model folder whose hashes are right, though its model is just a line of text."""
    folder = tmp_path / "2026.1.1"
    folder.mkdir()
    (folder / MODEL_FILE).write_text("a model\n")
    return with_manifest(folder)


def with_manifest(folder: Path) -> Path:
    manifest = {"files": {MODEL_FILE: file_hash(folder / MODEL_FILE)}}
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))
    return folder


def test_shipped_model_matches_its_manifest() -> None:
    verify(newest(), read_manifest(newest()))


def test_folder_may_stand_anywhere(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(newest(), tmp_path / "7.0"))
    assert Scorer.load(copy).version == "7.0"


@pytest.mark.parametrize("name", [".", "../current"])
def test_version_is_the_name_of_the_folder_and_not_of_a_way_to_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "current").symlink_to(newest())
    (tmp_path / "beside").mkdir()
    monkeypatch.chdir(newest() if name == "." else tmp_path / "beside")
    assert Scorer.load(Path(name)).version == newest().name


@pytest.mark.parametrize(
    ("names", "last"),
    [
        (["2026.9.1", "2026.11.1"], "2026.11.1"),
        (["2026.11.2", "2026.11.10"], "2026.11.10"),
        (["2027.1.1", "2026.12.31"], "2027.1.1"),
    ],
)
def test_newest_version_is_the_one_with_the_largest_numbers(
    names: list[str], last: str, tmp_path: Path
) -> None:
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / MANIFEST_FILE).write_text("{}")
    assert newest(tmp_path).name == last


def test_folder_without_a_manifest_is_no_version(folder: Path) -> None:
    (folder.parent / "2099.1.1").mkdir()
    assert newest(folder.parent) == folder


def test_no_version_at_all_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="run `commentdesk train DATA_DIR` first"):
        newest(tmp_path)


def test_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no manifest\.json: it is not a model folder"):
        Scorer.load(tmp_path)


@pytest.mark.parametrize("text", ["{", "", "[]", "null"])
def test_manifest_that_is_no_json_object_is_named(text: str, folder: Path) -> None:
    (folder / MANIFEST_FILE).write_text(text)
    with pytest.raises(ModelError, match=r"manifest\.json is not .*JSON.*: restore the model"):
        Scorer.load(folder)


@pytest.mark.parametrize("files", [None, MODEL_FILE, [MODEL_FILE], {}])
def test_manifest_without_hashes_is_named(files: object, folder: Path) -> None:
    (folder / MANIFEST_FILE).write_text(json.dumps({"files": files}))
    with pytest.raises(ModelError, match=r"has no hash of model\.skops: restore"):
        Scorer.load(folder)


def test_missing_model_file_is_named(folder: Path) -> None:
    (folder / MODEL_FILE).unlink()
    with pytest.raises(ModelError, match=r"model\.skops is missing in .*: restore"):
        Scorer.load(folder)


def test_changed_model_file_is_named(folder: Path) -> None:
    (folder / MODEL_FILE).write_text("another model\n")
    with pytest.raises(ModelError, match=r"model\.skops does not match its manifest"):
        Scorer.load(folder)


def test_type_that_is_not_ours_is_refused(folder: Path) -> None:
    (folder / MODEL_FILE).write_bytes(dumps(FunctionTransformer(func=os.getcwd)))
    with pytest.raises(ModelError, match=r"holds types that are not trusted: .*getcwd"):
        Scorer.load(with_manifest(folder))


@pytest.mark.parametrize("name", [MODEL_FILE, MANIFEST_FILE])
def test_file_that_cannot_be_read_is_named(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refusing(self: Path, *args: object, **kwargs: object) -> object:
        if self.name == name:
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **kwargs)  # type: ignore[call-overload]  # as it was called

    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(ModelError, match=f"{name} cannot be read: Permission denied"):
        verify(folder, read_manifest(folder))
