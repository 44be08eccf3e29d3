"""Whether something grows over the looks of a soak."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

WARM_UP_SHARE = 0.2
GROWTH_MAX = {"pss_mb": 1.05, "file_handles": 1.10, "queue": 2.0, "waiting": 2.0}
# Below these a doubling is noise: some dozens of comments are always under way.
NOISE = {"pss_mb": 5.0, "file_handles": 5.0, "queue": 64.0, "waiting": 128.0}


@dataclass(frozen=True)
class Look:
    """One look at the running product."""

    second: float
    pss_mb: float
    queue: int
    waiting: int
    file_handles: int


def growth(looks: Sequence[Look]) -> dict[str, tuple[float, float, bool]]:
    """(median early, median late, whether it grew) for each figure."""
    settled = [one for one in looks if one.second >= WARM_UP_SHARE * looks[-1].second]
    third = max(1, len(settled) // 3)
    found = {}
    for name, most in GROWTH_MAX.items():
        early = statistics.median(getattr(one, name) for one in settled[:third])
        late = statistics.median(getattr(one, name) for one in settled[-third:])
        found[name] = (early, late, late > early * most and late - early > NOISE[name])
    return found
