"""The model card, made with skops from a model's manifest and what an evaluation found."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skops.card import Card

from models.evaluate.languages import Language, language_table
from models.evaluate.table import Measured, markdown_table, number
from models.policy import Policy

_USE = """To decide which comments of a website may appear at once, which a person should see
first, and which are refused, with reasons. Not for judging people, and not as the only judge in
a place where a wrong refusal does harm."""

_LIMITS = """English first. Comments in German, Romanian and Korean are scored by linear heads
of their own, in Indonesian and Russian for spam alone, in others not at all in earnest; they are
flagged `unfamiliar_language` where that can be told, and then held by the default policy. Weak
where no word gives the meaning away: veiled threats, contempt without a bad word, hate without a
slur. Quoted abuse and counter-speech are sometimes held. Labels come from crowds of 2004 to 2026,
mostly in the United States, with their views of what is rude."""

_LANGUAGES = """German, Romanian and Korean comments by heads of their own; Indonesian and Russian
ones only as spam, here by heads that never saw the source. There are no toxicity labels for those
two. What is flagged is held by the default policy, whatever the scores."""

_DATA = """Wikipedia talk (Jigsaw 2018; CC0, text CC BY-SA 3.0), Civil Comments (CC0), Impermium
2012 (a small part, licence unstated), Fox News comments (MIT), Stormfront sentences (CC BY-SA
3.0 ES), EDOS (CC0), Davidson's tweets (MIT), GermEval 2018 (CC BY 4.0), RO-Offense
(Apache-2.0), BEEP and K-MHaS (CC BY-SA 4.0); spam and plain comments of eleven blogs, a form
and YouTube (none stated; weights alone), Telegram, Instagram and X samples (MIT), SMS and mail.
No text of any of them is shipped. The network's embeddings come from sentence-
transformers/all-MiniLM-L6-v2 (Apache-2.0), changed."""


def write_card(
    path: Path,
    pipeline: Any,
    manifest: Mapping[str, Any],
    table: Sequence[Measured],
    languages: Sequence[Language],
) -> None:
    """Write the card of one version as Markdown."""
    card = Card(pipeline, model_diagram=False, template=None)
    sections = {
        f"commentdesk comment classifier {manifest['version']}": f"Trained {manifest['date']}.",
        "Intended use": _USE,
        "Limits": _LIMITS,
        "Training data": f"{_DATA}\n\n{rows_table(manifest['rows'])}",
        "Default policy": policy_table(manifest["policy"]),
        "Evaluation": "How each figure is measured: `docs/model-report.md`.",
    }
    card.add(**sections)
    rows = {row.name: f"{number(row.ours)} (textbook {number(row.textbook)})" for row in table}
    card.add_metrics(section="Evaluation/Figures", **rows)
    card.add(**{"Evaluation/Other languages": f"{_LANGUAGES}\n\n{language_table(languages)}"})
    path.write_text(card.render().strip() + "\n", encoding="utf-8")


def rows_table(counts: Mapping[str, int]) -> str:
    """Return how many rows each source gave, as a Markdown table."""
    return markdown_table(("source", "rows"), [(name, f"{n:,}") for name, n in counts.items()])


def policy_table(policy: Policy) -> str:
    """Return the thresholds of each score, as a Markdown table."""
    rows = [(label, str(one["hold"]), str(one["reject"] or "–")) for label, one in policy.items()]
    return markdown_table(("score", "hold from", "reject from"), rows)
