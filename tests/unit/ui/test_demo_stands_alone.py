"""The demo is an example for others: it needs nothing of ours but the public API."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import service.ui.demo

FOLDER = Path(service.ui.demo.__file__).parent
ALLOWED = {"flask", "werkzeug", "urllib3", "standardwebhooks"} | sys.stdlib_module_names


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.level != 1:
            names.add(node.module or "..")
    return {name.split(".")[0] for name in names}


def test_it_imports_only_what_its_readers_can_install() -> None:
    foreign = {path.name: imports_of(path) - ALLOWED for path in FOLDER.glob("*.py")}
    assert {name: modules for name, modules in foreign.items() if modules} == {}


def test_its_folder_can_be_copied_out_and_run(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "courier")
    program = (
        "from pathlib import Path\n"
        "from courier import DemoConfig, create_demo\n"
        "config = DemoConfig('http://127.0.0.1:9', 'k', 'whsec_MfKQ9r8G', Path('d.db'))\n"
        "print(create_demo(config).test_client().get('/').status_code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "302\n"
