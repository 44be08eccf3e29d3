"""The report beside a newly trained model: what was chosen on validation comments, and why."""

from collections.abc import Mapping
from typing import Any

from models.card import policy_table, rows_table
from models.evaluate.decisions import Automatic
from models.evaluate.table import markdown_table
from models.train.build import Built

REPORT_FILE = "report.md"

_INTRODUCTION = """Made by `commentdesk train`. All figures are of the validation part, on which the
network's share, calibration and thresholds were chosen, so they flatter a little; spam in the mix
is that of all blogs but for its test part, by heads that never saw the blog. Flagged comments count
as held. `commentdesk evaluate` measures a model on the test part."""


def training_report(built: Built, manifest: Mapping[str, Any]) -> str:
    """Return the report as Markdown; the same run gives the same bytes."""
    parts = (
        f"# Training report: version {manifest['version']}",
        _INTRODUCTION,
        "## Scores",
        _scores(built),
        "Spam is left out: its heads are judged site by site, by heads trained without it.",
        "## Default policy",
        policy_table(built.policy),
        _decided(built.decided),
        "## Network",
        f"{built.pipeline['classify'].blend_:.0%} of each toxicity head is the network's word.",
        "## Rows",
        rows_table(built.rows),
        "## Data",
        markdown_table(
            ("file", "SHA-256"), [(n, one["sha256"]) for n, one in manifest["data"].items()]
        ),
    )
    return "\n\n".join(parts) + "\n"


def _scores(built: Built) -> str:
    rows = [(score, f"{one.auc:.4f}", f"{one.rows:,}") for score, one in built.validation.items()]
    return markdown_table(("score", "ROC-AUC", "n"), rows)


def _decided(kept: Automatic) -> str:
    rows = [
        ("approved", f"{kept.approved:.1%}", f"{kept.approve_error:.2%}",
         f"{kept.approve_bound:.2%}", f"{kept.approve_rows:,.0f}"),
        ("rejected", f"{kept.rejected:.1%}", f"{kept.reject_error:.2%}",
         f"{kept.reject_bound:.2%}", f"{kept.reject_rows:,.0f}"),
    ]  # fmt: skip
    return markdown_table(("alone", "share", "wrong", "upper 95 % bound", "effective n"), rows)
