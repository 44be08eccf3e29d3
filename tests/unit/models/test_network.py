"""The network in numpy against the same sums written out."""

import numpy as np
import pytest

from models.network import (
    PASSAGE_DISCOUNT,
    PASSAGE_MOST,
    PLACES,
    TokenNetwork,
    _starts,
    of_passages,
)

WIDTH, CHANNELS, NARROW, FURTHER, HIDDEN, HEADS = 4, 3, 2, 6, 5, 2
VOCABULARY = ["[UNK]", "a", "b", "c", "d", "."]
END = 5


@pytest.fixture(params=[(1996, 4044), (2, 4)], ids=["all rare", "some common"])
def network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> TokenNetwork:
    monkeypatch.setattr("models.network.COMMON", request.param)
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    arrays = {
        "embedding": normal(len(VOCABULARY), WIDTH),
        "token_weight": normal(len(VOCABULARY)),
        "convolution": normal(WIDTH, 3 * CHANNELS),
        "convolution_bias": normal(CHANNELS),
        "narrow": normal(CHANNELS, NARROW),
        "narrow_bias": normal(NARROW),
        "further": normal(len(PLACES) * NARROW, FURTHER),
        "further_bias": normal(FURTHER),
        "hidden": normal(2 * CHANNELS + 2 * FURTHER + WIDTH, HIDDEN),
        "hidden_bias": normal(HIDDEN),
        "out": normal(HIDDEN, HEADS),
        "out_bias": normal(HEADS),
    }
    return TokenNetwork().take(VOCABULARY, ["x", "y"], arrays)


def _by_hand(
    network: TokenNetwork, ids: list[int], start: int = 0, end: int | None = None
) -> np.ndarray:
    """The logits of a range of tokens, which sees what is beside it."""
    vectors = network.embedding_[ids] * network.embedding_scale_[ids, None].astype(np.float32)
    kernel = network.convolution_.astype(np.float32)
    padded = np.concatenate([np.zeros((1, WIDTH)), vectors, np.zeros((1, WIDTH))])
    channels = [
        padded[at] @ kernel[:, :CHANNELS]
        + padded[at + 1] @ kernel[:, CHANNELS : 2 * CHANNELS]
        + padded[at + 2] @ kernel[:, 2 * CHANNELS :]
        + network.convolution_bias_
        for at in range(len(ids))
    ]
    shown = np.maximum(channels, 0)
    weight = np.exp(network.token_weight_[ids].astype(np.float32))[:, None]
    mean = (vectors * weight)[start:end].sum(0) / weight[start:end].sum()
    narrow = np.maximum(shown @ network.narrow_ + network.narrow_bias_, 0)
    further = np.maximum(
        [
            sum(
                (
                    narrow[at + place] @ network.further_[NARROW * part : NARROW * (part + 1)]
                    for part, place in enumerate(PLACES)
                    if 0 <= at + place < len(ids)
                ),
                start=network.further_bias_,
            )
            for at in range(len(ids))
        ],
        0,
    )
    shown, further = shown[start:end], further[start:end]
    pooled = np.concatenate([shown.max(0), shown.mean(0), further.max(0), further.mean(0), mean])
    hidden = np.maximum(pooled @ network.hidden_ + network.hidden_bias_, 0)
    return np.asarray(hidden @ network.out_ + network.out_bias_)


def test_batch_gives_the_sums_written_out(network: TokenNetwork) -> None:
    rows = [[1, 2, 3], [4], [2, 2, 1, 3, 4, 1, 2]]
    expected = np.stack([_by_hand(network, row) for row in rows])
    np.testing.assert_allclose(network.token_logits(rows), expected, rtol=1e-4, atol=1e-5)


LONG = [1, 2, END, 3, END, 4, 1, 2, 3, END, END, 4, 1]
"""Of pieces of six tokens and passages of two to three: a whole, and passages of 3, 3; 3, 3; 1."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.network.TOKENS_MAX", 6)
    monkeypatch.setattr("models.network.PASSAGES_FROM", 6)
    monkeypatch.setattr("models.network.PASSAGE_TOKENS", (2, 3))


@pytest.mark.usefixtures("small")
def test_a_long_text_says_what_its_worst_passage_says(network: TokenNetwork) -> None:
    first, second, third = LONG[:6], LONG[6:12], LONG[12:]
    passages = [
        _by_hand(network, first, 0, 3),
        _by_hand(network, first, 3, 5),
        _by_hand(network, first, 3, 6),
        _by_hand(network, second, 0, 3),
        _by_hand(network, second, 3, 5),
        _by_hand(network, second, 3, 6),
        _by_hand(network, third),
    ]
    del passages[1], passages[3]  # a rest of one token goes with the passage before it
    expected = np.max([_by_hand(network, first), *of_passages(np.array(passages))], axis=0)
    found = network.token_logits([[1, 2], LONG, [3]])
    np.testing.assert_allclose(found[1], expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found[0], _by_hand(network, [1, 2]), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found[2], _by_hand(network, [3]), rtol=1e-4, atol=1e-5)


def test_a_passage_says_less_and_never_that_a_text_is_surely_bad() -> None:
    logits = np.array([-5.0, PASSAGE_MOST + PASSAGE_DISCOUNT, 9.0])
    expected = [-5.0 - PASSAGE_DISCOUNT, PASSAGE_MOST, PASSAGE_MOST]
    np.testing.assert_allclose(of_passages(logits), expected)


@pytest.mark.parametrize(
    ("tokens", "starts"),
    [
        ([1, 2, END, 3, 4, END], [0, 3]),
        ([1, END, 3, END], [0, 2]),
        ([END, 1, 2, END], [0]),
        ([1, 2, 3, 4, 1, 2, 3, 4], [0, 3, 6]),
        ([1, 2, 3, 4], [0]),
        ([1], [0]),
    ],
)
@pytest.mark.usefixtures("small")
def test_passages_end_with_sentences(tokens: list[int], starts: list[int]) -> None:
    assert _starts(tokens, {END}) == starts


def test_text_does_not_see_its_neighbours(network: TokenNetwork) -> None:
    alone = network.decision_function(["a b"])
    among = network.decision_function(["c d", "a b", "d"])[1:2]
    np.testing.assert_allclose(alone, among, rtol=1e-4, atol=1e-5)


def test_empty_text_has_finite_logits(network: TokenNetwork) -> None:
    assert np.isfinite(network.decision_function([""])).all()


def test_no_text_gives_no_logits(network: TokenNetwork) -> None:
    assert network.decision_function([]).shape == (0, HEADS)
