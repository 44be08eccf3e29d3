"""The code keeps the measures that it set itself: short functions, short modules, flat blocks."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MODULE_MAX_LINES = 400
FUNCTION_MAX_LINES = 60
FUNCTION_MEDIAN_LINES = 9
VAGUE_NAMES = {"utils", "common", "core", "helpers", "manager"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@pytest.fixture(scope="module")
def modules() -> dict[str, str]:
    """The product's modules by path; migrations are generated and do not count."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for package in ("service", "worker", "models")
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    }


def functions(modules: dict[str, str]) -> Iterator[tuple[str, int]]:
    for name, text in modules.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function):
                assert node.end_lineno is not None
                yield f"{name}:{node.name}", node.end_lineno - node.lineno + 1


def test_no_module_is_long(modules: dict[str, str]) -> None:
    long = {name for name, text in modules.items() if text.count("\n") > MODULE_MAX_LINES}

    assert long == set()


def test_no_function_is_long(modules: dict[str, str]) -> None:
    assert {name for name, lines in functions(modules) if lines > FUNCTION_MAX_LINES} == set()


def test_most_functions_are_short(modules: dict[str, str]) -> None:
    assert median(lines for _, lines in functions(modules)) < FUNCTION_MEDIAN_LINES


def test_each_module_says_what_it_is(modules: dict[str, str]) -> None:
    silent = {
        name
        for name, text in modules.items()
        if text.strip() and not ast.get_docstring(ast.parse(text))
    }

    assert silent == set()


def test_no_module_has_a_name_that_says_nothing(modules: dict[str, str]) -> None:
    parts = {part for name in modules for part in Path(name).with_suffix("").parts}

    assert parts & VAGUE_NAMES == set()
