"""`commentdesk evaluate` on a small made-up data folder and the model trained on it."""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.cli import evaluate
from models.evaluate.run import REPORT
from models.outputs import LABELS
from models.progress import Progress
from tests.integration.models.conftest import Trained, is_as_foreseen

# The first test of the module waits for the one training run and the one evaluation.
pytestmark = pytest.mark.timeout(400)
ROOT = Path(__file__).resolve().parents[3]
SECTIONS = (
    "The table",
    "Calibration",
    "Decided automatically",
    "Functional tests",
    "One article's readers",
    "Readers of many articles",
    "Abuse within a long comment",
    "Spam within a long comment",
    "Slices",
    "Worst mistakes",
)
MEASURED = (
    "Jigsaw, mean ROC-AUC of six labels",
    "insults under news (impermium)",
    "cat_wikipedia, never trained on",
    "identity terms in plain sentences: BPSN power mean",
    "YouTube spam, other video: AUC",
    "blog spam, later years: AUC",
    "plain news comments called spam",
    "expected calibration error, the worst output",
    "decided automatically within the promised errors",
    "comments a second on one core, text to all scores",
    "shipped weights, MB",
)


@dataclass(frozen=True)
class Evaluated:
    """One evaluation by the command: what it printed and the report that it wrote."""

    result: Result
    path: Path
    report: str
    docs_before: dict[Path, int]
    progress: Progress


def docs() -> dict[Path, int]:
    """When each file of the project's own documentation was last written."""
    return {path: path.stat().st_mtime_ns for path in (ROOT / "docs").glob("model*/**")}


def run_evaluation(data: Path, model: Path, report: Path) -> Result:
    command = [str(data), "--model", str(model), "--report", str(report)]
    return CliRunner().invoke(evaluate, command, catch_exceptions=False)


@pytest.fixture(scope="session")
def evaluated(
    trained: Trained, told: list[Progress], tmp_path_factory: pytest.TempPathFactory
) -> Evaluated:
    before = docs()
    path = tmp_path_factory.mktemp("evaluation") / "deep" / "report.md"
    result = run_evaluation(trained.data, trained.folder, path)
    return Evaluated(result, path, path.read_text(encoding="utf-8"), before, told[-1])


def test_evaluation_without_matplotlib_says_at_once_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = CliRunner().invoke(evaluate, [str(tmp_path)])
    assert result.exit_code == 2
    assert "need matplotlib: install the extra 'report'" in result.output


def test_report_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    report = tmp_path / "file" / "report.md"
    result = CliRunner().invoke(evaluate, [str(tmp_path), "--report", str(report)])
    assert result.exit_code == 2
    assert "file cannot be written" in result.output


def cells(report: str, name: str) -> list[str]:
    """The cells of the table's row with that name."""
    line = next(line for line in report.splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def value(report: str, name: str) -> float:
    """What the model under test reached in a row of the table."""
    return float(cells(report, name)[2].strip("*").replace(",", ""))


def test_command_ends_well_and_prints_the_table(evaluated: Evaluated) -> None:
    assert evaluated.result.exit_code == 0
    assert "| measured | textbook | ours |" in evaluated.result.stdout


def test_bar_has_as_many_stages_as_evaluation(evaluated: Evaluated) -> None:
    assert is_as_foreseen(evaluated.progress)


def test_report_is_written_where_asked_beside_its_plots_and_card(evaluated: Evaluated) -> None:
    found = {path.relative_to(evaluated.path.parent) for path in evaluated.path.parent.rglob("*.*")}
    assert {str(path) for path in found} == {
        "report.md",
        "model-card.md",
        "model-report/reliability.svg",
        "model-report/functions.svg",
    }


def test_documents_of_the_project_stay_as_they_are(evaluated: Evaluated) -> None:
    assert REPORT.parts[0] == "docs"
    assert docs() == evaluated.docs_before


def test_report_names_the_version(evaluated: Evaluated) -> None:
    assert evaluated.report.startswith("# Model report: version 2026.1.1\n")


def test_report_has_all_its_sections_in_order(evaluated: Evaluated) -> None:
    assert tuple(re.findall(r"^## (.+)$", evaluated.report, re.M)) == SECTIONS


@pytest.mark.parametrize("name", MEASURED)
def test_table_has_a_row_with_a_number(name: str, evaluated: Evaluated) -> None:
    assert value(evaluated.report, name) >= 0


@pytest.mark.parametrize(
    "name",
    ["Jigsaw, mean ROC-AUC of six labels", "YouTube spam, other video: AUC"],
)
def test_model_ranks_comments_of_the_kind_it_learnt(name: str, evaluated: Evaluated) -> None:
    assert 0.8 < value(evaluated.report, name) <= 1


def test_size_is_that_of_the_model_file(evaluated: Evaluated, trained: Trained) -> None:
    megabytes = (trained.folder / "model.skops").stat().st_size / 1e6
    assert value(evaluated.report, "shipped weights, MB") == pytest.approx(megabytes, abs=0.51)


def test_every_score_is_calibrated(evaluated: Evaluated) -> None:
    section = evaluated.report.split("## Calibration")[1].split("## ")[0]
    assert set(re.findall(r"^\| (\w+) \| [\d.]+ \| [\d,]+ \|$", section, re.M)) == set(LABELS)


def test_worst_mistakes_quote_no_comment(evaluated: Evaluated) -> None:
    section = evaluated.report.split("## Worst mistakes")[1]
    lines = [line for line in section.splitlines() if line.startswith("- ")]
    assert lines
    assert all(re.match(r"- \w+ [0-9a-f]{10}: labelled (toxic|plain), ", line) for line in lines)


def test_plots_are_svg(evaluated: Evaluated) -> None:
    for path in (evaluated.path.parent / "model-report").iterdir():
        assert "<svg" in path.read_text(encoding="utf-8")


def test_card_has_the_version_and_the_policy(evaluated: Evaluated) -> None:
    card = (evaluated.path.parent / "model-card.md").read_text(encoding="utf-8")
    assert "commentdesk comment classifier 2026.11" in card
    assert all(f"| {label} |" in card for label in LABELS)


def refused(data: Path, model: Path, tmp_path: Path) -> str:
    """The one sentence with which an evaluation is refused; it writes nothing."""
    result = run_evaluation(data, model, tmp_path / "report" / "report.md")
    assert result.exit_code == 2
    assert not (tmp_path / "report").exists()
    return result.stderr.strip().splitlines()[-1]


def test_missing_data_folder_is_refused(trained: Trained, tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "nowhere", trained.folder, tmp_path)


def test_missing_file_is_named(trained: Trained, tmp_path: Path) -> None:
    data = Path(shutil.copytree(trained.data, tmp_path / "data"))
    (data / "toxicity" / "jigsaw_wikipedia.csv.gz").unlink()
    assert "jigsaw_wikipedia.csv.gz is missing" in refused(data, trained.folder, tmp_path)


def test_folder_without_a_model_is_named(trained: Trained, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    sentence = refused(trained.data, tmp_path / "empty", tmp_path)
    assert "has no manifest.json: it is not a model folder." in sentence
