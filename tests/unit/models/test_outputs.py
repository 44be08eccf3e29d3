"""The mix of heads into scores."""

import numpy as np
import pytest

from models.calibrate import Platt
from models.outputs import OutputLayer, Scale

HEADS = ("a", "b", "c")
MIXES = {"sharp": {"a": 1.0, "b": 3.0}, "mean": {"a": 1.0, "b": 3.0}, "alone": {"c": 1.0}}
SHARPNESS = {"sharp": 2.0}


@pytest.fixture
def layer() -> OutputLayer:
    scale = Scale(np.array([-1.0, 0.0, 1.0]), np.array([2.0, 1.0, 0.5]))
    return OutputLayer.of(HEADS, scale, MIXES, SHARPNESS)


def test_heads_that_agree_give_their_own_score(layer: OutputLayer) -> None:
    logits = [[-1 + 2 * 0.7, 0.7, 1 + 0.5 * 0.7]]
    assert layer(logits)[0] == pytest.approx([0.7, 0.7, 0.7])


def test_surest_head_decides_more_than_its_weight(layer: OutputLayer) -> None:
    sharp, mean, _ = layer([[-1 + 2 * 2.0, 0.0, 1.0]])[0]
    assert sharp == pytest.approx(np.log(0.25 * np.exp(2.0 * 2.0) + 0.75) / 2.0)
    assert mean == pytest.approx(0.25 * 2.0)


def test_head_of_no_weight_changes_nothing(layer: OutputLayer) -> None:
    high, low = layer([[0.0, 0.0, 5.0], [0.0, 0.0, -5.0]])
    assert (high == low).tolist() == [True, True, False]


def test_calibration_is_folded_in(layer: OutputLayer) -> None:
    logits = np.array([[0.5, -1.0, 2.0], [-3.0, 1.0, 0.0]])
    calibrated = layer.calibrated([Platt(2.0, -1.0), Platt(0.5, 0.25), Platt(1.0, 0.0)])
    expected = layer(logits) * [2.0, 0.5, 1.0] + [-1.0, 0.25, 0.0]
    assert calibrated(logits) == pytest.approx(expected)


def test_calibrated_layer_is_moved_as_it_is(layer: OutputLayer) -> None:
    logits = [[0.5, -1.0, 2.0]]
    once = layer.moved([2.0, 0.5, 3.0], [-1.0, 0.25, 4.0])
    twice = once.moved([0.6, 2.0, 1.0], [1.0, 2.0, 3.0])
    assert twice(logits) == pytest.approx(once(logits) * [0.6, 2.0, 1.0] + [1.0, 2.0, 3.0])


def test_slope_is_what_a_small_step_of_each_head_adds(layer: OutputLayer) -> None:
    moved = layer.moved([2.0, 0.5, 3.0], [-1.0, 0.25, 0.0])
    logits, step = np.array([0.5, 1.0, 2.0]), 1e-6
    for column in range(len(MIXES)):
        steps = [moved([logits + step * one])[0, column] for one in np.eye(3)]
        by_steps = (np.array(steps) - moved([logits])[0, column]) / step
        assert moved.slope_at(logits, column) == pytest.approx(by_steps, abs=1e-5)


def test_scale_of_hardly_any_width_gives_finite_scores() -> None:
    narrow = OutputLayer.of(HEADS, Scale(np.zeros(3), np.full(3, 1e-3)), MIXES, SHARPNESS)
    assert np.isfinite(narrow([[8.0, -8.0, -8.0], [-8.0, 8.0, 8.0]])).all()
