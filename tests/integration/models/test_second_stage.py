"""The second stage that is shipped: intact, small, and better than the first stage alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from models.cli import evaluate
from models.document import Document
from models.errors import ModelError
from models.evaluate.cases import article_cases, functional_cases
from models.evaluate.decisions import article, functions
from models.explain import READ_AGAIN_MAX
from models.judgement import Judgement
from models.predict import Scorer
from models.registry import MODEL_FILE, load_pipeline, model_hash, newest, read_manifest, verify
from models.second import READ_FROM, SecondStage
from models.train.ship import write_model

FOLDER = newest(Path(__file__).resolve().parents[3] / "second_stage")
SIZE_BYTES_MAX = 20_000_000
SUSPICIOUS = "He is a liar and the whole party is a disgrace."
QUIET = "Thank you for this article about the new library."
GERMAN = "Das ist doch alles nur Unsinn, was dieser Idiot hier schreibt und erzählt."


@pytest.fixture(scope="module")
def both() -> Scorer:
    return Scorer.load(second=FOLDER)


@pytest.fixture(scope="module")
def policy() -> dict[str, dict[str, float]]:
    return dict(read_manifest(newest())["policy"])


def test_files_are_small_and_match_their_manifest() -> None:
    verify(FOLDER, read_manifest(FOLDER))
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= SIZE_BYTES_MAX


def test_it_was_made_for_the_model_that_is_shipped() -> None:
    manifest = read_manifest(FOLDER)
    assert manifest["version"] == FOLDER.name
    assert manifest["first_stage"] == newest().name
    assert manifest["first_stage_sha256"] == model_hash(newest())


def test_version_names_both_stages(both: Scorer) -> None:
    assert both.version == f"{newest().name}+{FOLDER.name}"


def scored(scorer: Scorer, *bodies: str) -> list[Judgement]:
    return scorer.score([Document(body) for body in bodies])


def test_suspicious_comments_alone_are_read_again(both: Scorer, shipped: Scorer) -> None:
    bodies = (SUSPICIOUS, QUIET, GERMAN)
    first, second = scored(shipped, *bodies), scored(both, *bodies)
    assert first[0].scores["toxicity"] > READ_FROM > first[1].scores["toxicity"]
    assert second[0].scores != first[0].scores
    assert second[1:] == first[1:]


def test_spam_is_the_first_stage_s_matter(both: Scorer, shipped: Scorer) -> None:
    [first], [second] = scored(shipped, SUSPICIOUS), scored(both, SUSPICIOUS)
    assert second.scores["spam"] == first.scores["spam"]


def test_score_does_not_depend_on_neighbours(both: Scorer) -> None:
    bodies = (SUSPICIOUS, "You idiot.", "What a mess, liars! " * 20)
    together = scored(both, *bodies)
    for body, among in zip(bodies, together, strict=True):
        assert scored(both, body)[0].scores == pytest.approx(among.scores, abs=1e-6)


def test_spans_move_the_score_of_both_stages(both: Scorer) -> None:
    body = "You are a stupid idiot, and this is a fine article about bridges."
    [explanation] = both.explain(Document(body), ["toxicity"])
    cut = explanation.spans[0]
    assert body[cut.start : cut.end] in {"stupid", "idiot,", "idiot", "stupid idiot"}
    without = body[: cut.start] + body[cut.end :]
    before, after = (one.scores["toxicity"] for one in scored(both, body, without))
    assert before > after


def test_neither_spam_nor_abuse_is_approved_under_the_article(
    both: Scorer, policy: dict[str, dict[str, float]]
) -> None:
    outcomes = article(both, article_cases(), policy).outcomes
    assert outcomes["spam"]["approve"] == outcomes["abuse"]["approve"] == 0
    assert outcomes["plain"]["reject"] == 0


def test_more_cases_go_as_they_should_than_without_it(
    both: Scorer, shipped: Scorer, policy: dict[str, dict[str, float]]
) -> None:
    right = [
        sum(one.right for one in functions(scorer, functional_cases(), policy))
        for scorer in (shipped, both)
    ]
    assert right[1] > right[0]


def test_it_is_refused_beside_another_model(tmp_path: Path) -> None:
    """Even if it gives the same version."""
    pipeline = load_pipeline(newest())
    pipeline["classify"].spam_offset_ += 1
    other = write_model(tmp_path / "mine", pipeline, read_manifest(newest()))
    with pytest.raises(ModelError, match=f"made for model {newest().name}, not for the one in"):
        Scorer.load(other, FOLDER)


def test_explanation_asks_the_encoder_for_few_texts(
    both: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = both.pipeline["classify"].second
    read: list[int] = []

    def watched(texts: Sequence[str]) -> object:
        read.append(len(texts))
        return SecondStage.read(stage, texts)

    monkeypatch.setattr(stage, "read", watched)
    body = "You stupid, ugly, filthy liar and idiot: shut up, get lost, go away, die. " * 2
    [explanation] = both.explain(Document(body), ["toxicity"])
    assert explanation.spans
    assert sum(read) <= 1 + READ_AGAIN_MAX


def test_scorer_can_be_shared_between_threads(both: Scorer) -> None:
    expected = scored(both, SUSPICIOUS)[0].scores
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: scored(both, SUSPICIOUS)[0].scores, range(40)))
    assert all(one == pytest.approx(expected, abs=1e-6) for one in found)


def test_it_is_no_part_of_the_first_stage_s_file(both: Scorer, tmp_path: Path) -> None:
    folder = write_model(tmp_path / newest().name, both.pipeline, read_manifest(newest()))
    assert (folder / MODEL_FILE).read_bytes() == (newest() / MODEL_FILE).read_bytes()


def test_it_cannot_stand_alone() -> None:
    with pytest.raises(ModelError, match="no model that can score alone"):
        Scorer.load(FOLDER)
    with pytest.raises(ModelError, match="no second stage"):
        Scorer.load(second=newest())


def test_evaluation_refuses_what_is_no_second_stage(tmp_path: Path) -> None:
    result = CliRunner().invoke(evaluate, [str(tmp_path), "--second-stage", str(newest())])
    assert result.exit_code == 2
    assert "no second stage" in result.stderr
