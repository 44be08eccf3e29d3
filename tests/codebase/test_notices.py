"""Weights that are derived from others' carry their notice, since they are copied by the folder."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "models" / "shipped", *(ROOT / "second_stage").glob("*/")]


def test_a_second_stage_is_in_the_repository() -> None:
    assert len(FOLDERS) > 1


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_derived_weights_name_their_origin_and_licence(folder: Path) -> None:
    notice = (folder / "NOTICE").read_text(encoding="utf-8")
    assert "all-MiniLM-L6-v2" in notice
    assert "Apache License, Version 2.0" in notice
