"""Facts about rates as settings write them."""

import pytest

from service.domain.rates import Rate, parse


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("100/second", Rate(100, 1)),
        ("10 per minute", Rate(10, 60)),
        ("5000/Hour", Rate(5000, 3600)),
        ("7/2 days", Rate(7, 172_800)),
    ],
)
def test_a_rate_is_a_number_and_a_time(text: str, rate: Rate) -> None:
    assert parse(text) == rate


@pytest.mark.parametrize("text", ["", "100", "0/second", "5/0 minutes", "-1/second", "5/fortnight"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as"):
        parse(text)
