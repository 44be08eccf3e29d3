"""What is remembered word by word, and that it stays bounded."""

from models.memo import Memo


def test_a_known_word_is_not_worked_out_again() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    memo = Memo(length, words_max=10, chars_max=5)
    assert list(map(memo.__getitem__, ["one", "three", "one"])) == [3, 5, 3]
    assert asked == ["one", "three"]


def test_long_words_are_not_kept_and_all_are_forgotten_when_it_is_full() -> None:
    memo = Memo(len, words_max=2, chars_max=5)
    assert memo["longer"] == 6
    assert not memo
    assert [memo["a"], memo["b"], memo["c"]] == [1, 1, 1]
    assert dict(memo) == {"c": 1}
