"""`commentdesk train` on a small made-up data folder."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.cli import train
from models.document import Document
from models.outputs import LABELS
from models.predict import Scorer
from models.registry import file_hash
from models.train.rates import RATES
from tests.integration.models.conftest import Trained, is_as_foreseen, run_training

# The first test of the module waits for the one training run that they share.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def spoilt(data_folder: Path, tmp_path: Path) -> Path:
    """A copy of the data folder, to be spoilt."""
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


def scores(scorer: Scorer, text: str) -> dict[str, float]:
    return dict(scorer.score([Document(text)])[0].scores)


def test_command_ends_well_and_says_where_the_model_is(trained: Trained) -> None:
    assert trained.result.exit_code == 0
    assert f"wrote {trained.folder}" in trained.result.stdout


def test_command_says_what_it_does(trained: Trained) -> None:
    for step in ("reads the data", "fits toxic", "fits spam", "calibrates"):
        assert step in trained.result.stderr


def test_bar_has_as_many_stages_as_training(trained: Trained) -> None:
    assert is_as_foreseen(trained.progress)


def test_folder_holds_the_model_its_manifest_and_a_report(trained: Trained) -> None:
    manifest = json.loads((trained.folder / "manifest.json").read_text(encoding="utf-8"))
    names = {path.name for path in trained.folder.iterdir()}
    assert names == {*manifest["files"], "manifest.json", "report.md"}
    for name, expected in manifest["files"].items():
        assert file_hash(trained.folder / name) == expected


def test_report_has_the_scores_the_policy_and_the_rows_of_the_manifest(trained: Trained) -> None:
    manifest = json.loads((trained.folder / "manifest.json").read_text(encoding="utf-8"))
    report = (trained.folder / "report.md").read_text(encoding="utf-8")
    for score, auc in manifest["validation"].items():
        assert f"| {score} | {auc:.4f} | " in report
    for score, one in manifest["policy"].items():
        assert f"| {score} | {one['hold']} | {one['reject'] or '–'} |" in report
    for source, rows in manifest["rows"].items():
        assert f"| {source} | {rows:,} |" in report


def test_manifest_names_each_data_file_with_its_hash(trained: Trained) -> None:
    manifest = json.loads((trained.folder / "manifest.json").read_text(encoding="utf-8"))
    path = trained.data / "spam" / "blog_spam.csv.gz"
    assert manifest["data"]["spam/blog_spam.csv.gz"] == {
        "sha256": file_hash(path),
        "bytes": path.stat().st_size,
    }
    assert len(manifest["data"]) == len(list(trained.data.glob("*/*.csv.gz")))


def test_manifest_gives_hold_and_reject_thresholds_for_each_score(trained: Trained) -> None:
    manifest = json.loads((trained.folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["policy"]) == set(LABELS)
    for thresholds in manifest["policy"].values():
        assert 0 <= thresholds["hold"] <= (thresholds["reject"] or 1) <= 1


def test_manifest_gives_hold_thresholds_for_other_rates(trained: Trained) -> None:
    manifest = json.loads((trained.folder / "manifest.json").read_text(encoding="utf-8"))
    assert [(one["abuse"], one["spam"]) for one in manifest["holds_at_rates"]] == list(RATES)
    for one in manifest["holds_at_rates"]:
        assert set(one["hold"]) == {"toxicity", "spam"}
        assert all(0 < hold < 1 for hold in one["hold"].values())


def test_trained_model_takes_its_version_from_its_folder(scorer: Scorer) -> None:
    assert scorer.version == "2026.1.1"


def test_trained_model_tells_an_insult_from_a_plain_comment(scorer: Scorer) -> None:
    insult = scores(scorer, "You are a stupid idiot and your museum is a joke.")
    plain = scores(scorer, "The article is clear about the museum in Oslo.")
    assert insult["insult"] > 0.5 > plain["insult"]
    assert insult["toxicity"] > 0.5 > plain["toxicity"]


def test_trained_model_tells_spam_from_a_plain_comment(scorer: Scorer) -> None:
    spam = scores(scorer, "Buy cheap pills online at www.fast-cash.com and get a casino bonus.")
    plain = scores(scorer, "We visited Oslo last year and the museum was better than you say.")
    assert spam["spam"] > 0.5 > plain["spam"]


def test_trained_model_finds_the_kind_of_abuse(scorer: Scorer) -> None:
    threat = scores(scorer, "I will find you in Oslo and I will hurt you. Watch your back.")
    swearing = scores(scorer, "This damn museum is utter crap, what a load of crap.")
    assert threat["threat"] > swearing["threat"]
    assert swearing["profanity"] > threat["profanity"]


def test_word_disguised_from_the_trained_model_is_read_all_the_same(scorer: Scorer) -> None:
    plain = scores(scorer, "You are a stupid idiot, you know nothing about the museum.")
    disguised = scores(scorer, "You are a stup1d 1d10t, you know nothing about the museum.")
    assert disguised["toxicity"] == pytest.approx(plain["toxicity"], abs=0.05)


def test_training_twice_gives_the_same_bytes(trained: Trained, tmp_path: Path) -> None:
    run_training(trained.data, tmp_path / "again")
    for path in trained.folder.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def failed(data: Path, output: Path) -> Result:
    """Result of a training that must refuse its data and leave no model behind."""
    result = CliRunner().invoke(train, [str(data), "--output", str(output)])
    assert not output.exists()
    return result


def said(result: Result) -> str:
    """The one sentence that the command ends with."""
    return result.stderr.strip().splitlines()[-1]


def test_missing_data_folder_is_refused(tmp_path: Path) -> None:
    result = failed(tmp_path / "nowhere", tmp_path / "model")
    assert result.exit_code == 2
    assert "nowhere' does not exist." in said(result)


def test_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    result = failed(tmp_path / "data", tmp_path / "model")
    assert result.exit_code == 2
    assert "is a file." in said(result)


@pytest.mark.parametrize(
    "name",
    [
        "toxicity/jigsaw_wikipedia.csv.gz",
        "spam/telegram.csv.gz",
        "spam/lists/url_shorteners_pypi.txt.gz",
    ],
)
def test_missing_file_is_named(name: str, spoilt: Path, tmp_path: Path) -> None:
    (spoilt / name).unlink()
    result = failed(spoilt, tmp_path / "model")
    assert result.exit_code == 2
    assert f"{Path(name).name} is missing in" in said(result)


@pytest.mark.parametrize("name", ["toxicity/jigsaw_wikipedia.csv.gz", "spam/blog_spam.csv.gz"])
def test_empty_file_is_named(name: str, spoilt: Path, tmp_path: Path) -> None:
    (spoilt / name).write_bytes(b"")
    result = failed(spoilt, tmp_path / "model")
    assert result.exit_code == 2
    assert f"{Path(name).name} is empty" in said(result)


def test_file_without_rows_is_named(spoilt: Path, tmp_path: Path) -> None:
    with gzip.open(spoilt / "toxicity" / "jigsaw_wikipedia.csv.gz", "wt") as file:
        file.write("text,toxic\n")
    result = failed(spoilt, tmp_path / "model")
    assert result.exit_code == 2
    assert "jigsaw_wikipedia.csv.gz has no rows" in said(result)


def test_output_that_cannot_be_made_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "file").touch()
    result = failed(tmp_path / "data", tmp_path / "file" / "model")
    assert result.exit_code == 2
    assert "file/model cannot be written (Not a directory)" in said(result)


def test_file_that_is_no_gzip_is_named(spoilt: Path, tmp_path: Path) -> None:
    (spoilt / "spam" / "telegram.csv.gz").write_text("text,label\nhello,0\n")
    result = failed(spoilt, tmp_path / "model")
    assert result.exit_code == 2
    assert "telegram.csv.gz is not a whole gzip file" in said(result)


def test_file_that_was_cut_short_is_named(spoilt: Path, tmp_path: Path) -> None:
    path = spoilt / "spam" / "telegram.csv.gz"
    path.write_bytes(path.read_bytes()[:-20])
    result = failed(spoilt, tmp_path / "model")
    assert result.exit_code == 2
    assert "telegram.csv.gz is not a whole gzip file" in said(result)


def test_file_without_texts_is_named(spoilt: Path, tmp_path: Path) -> None:
    path = spoilt / "spam" / "telegram.csv.gz"
    path.write_bytes(gzip.compress(b"comment,label\nhello,0\n"))
    result = failed(spoilt, tmp_path / "model")
    assert result.exit_code == 2
    assert 'telegram.csv.gz has no column "text"' in said(result)
