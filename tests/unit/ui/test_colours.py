"""The colours of both style sheets keep the contrast of WCAG 2.2 AA, in light and in dark."""

import re
from pathlib import Path

import pytest

import service.ui

FOLDER = Path(service.ui.__file__).parent
SHEETS = {
    "commentdesk": FOLDER / "static/commentdesk.css",
    "courier": FOLDER / "demo/static/courier.css",
}
TEXT_MIN_RATIO, EDGE_MIN_RATIO = 4.5, 3.0

TEXT_ON = {
    "commentdesk": [
        *(("ink", ground) for ground in ("paper", "panel", "sunken", "mark")),
        *(("ink-quiet", ground) for ground in ("paper", "panel", "sunken")),
        *(("accent", ground) for ground in ("paper", "panel", "sunken")),
        *(("on-accent", ground) for ground in ("accent", "accent-strong")),
        *(("panel", ground) for ground in ("good", "good-strong", "bad", "warn")),
        *(("panel", "accent"), ("good", "paper")),
        *((name, f"{name}-surface") for name in ("good", "bad", "warn")),
    ],
    "courier": [
        *(("ink", ground) for ground in ("paper", "surface", "mark")),
        *(("ink", ground) for ground in ("wait-surface", "stop-surface", "good-surface")),
        *(("ink-quiet", ground) for ground in ("paper", "surface", "wait-surface")),
        *((name, ground) for name in ("accent", "signal") for ground in ("paper", "surface")),
        *(("on-accent", ground) for ground in ("accent", "accent-strong")),
        *(("wait", "wait-surface"), ("signal", "stop-surface")),
    ],
}
EDGE_ON = {
    "commentdesk": [("line-strong", "panel"), ("accent", "paper"), ("bad", "sunken")],
    "courier": [("ink-quiet", "paper"), ("accent", "paper"), ("accent", "surface")],
}


def tokens(sheet: str, scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", SHEETS[sheet].read_text("utf-8"), re.DOTALL)[:2]
    found = re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", light + (dark * (scheme == "dark")))
    return dict(found)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(sheet: str, scheme: str, pairs: list[tuple[str, str]], least: float) -> set[str]:
    colours = tokens(sheet, scheme)
    ratios = {f"{a} on {b}": ratio(colours[a], colours[b]) for a, b in pairs}
    return {f"{pair}: {value:.2f}" for pair, value in ratios.items() if value < least}


def test_the_ratio_is_that_of_the_guidelines() -> None:
    assert ratio("#000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("sheet", sorted(SHEETS))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_every_ground(sheet: str, scheme: str) -> None:
    assert too_weak(sheet, scheme, TEXT_ON[sheet], TEXT_MIN_RATIO) == set()


@pytest.mark.parametrize("sheet", sorted(SHEETS))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_what_can_be_used_can_be_seen(sheet: str, scheme: str) -> None:
    assert too_weak(sheet, scheme, EDGE_ON[sheet], EDGE_MIN_RATIO) == set()
