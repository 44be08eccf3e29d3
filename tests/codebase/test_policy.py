"""The default policy is the one that the shipped model was measured with."""

import json
from pathlib import Path

from service.domain.policy import DEFAULT_THRESHOLDS

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "shipped"


def test_the_default_thresholds_are_those_of_the_newest_shipped_model() -> None:
    newest = max(SHIPPED.glob("*/manifest.json"))
    manifest = json.loads(newest.read_text(encoding="utf-8"))
    ours = {
        name: {"hold": limit.hold, "reject": limit.reject}
        for name, limit in DEFAULT_THRESHOLDS.items()
    }
    assert ours == manifest["policy"]
