"""What is nothing but the plain name of a group."""

import pytest

from models.groups import names_a_group


@pytest.mark.parametrize(
    "text", ["Muslims", "gay people", "The Jews,", "my Polish neighbours", "being trans", "people"]
)
def test_plain_names(text: str) -> None:
    assert names_a_group(text)


@pytest.mark.parametrize("text", ["dirty Muslims", "Muslims are", "idiots", "gayish", "", "the"])
def test_what_says_more_or_something_else(text: str) -> None:
    assert not names_a_group(text)
