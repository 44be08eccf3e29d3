"""Which language a comment is in, and what is flagged."""

import pytest

from models.competence import doubts, flags
from models.languages import foreign_share, has_other_passage, language_of
from models.lexicon import Lexicon
from models.text import Normal, Normaliser

ENGLISH = "the new bridge is near our school and people like it no one will say what was said to us"
RARE = ("bridge", "school", "near")
MANY = dict.fromkeys((f"word{number}" for number in range(200)), 5)
LEXICON = Lexicon.of(dict.fromkeys(ENGLISH.split(), 10) | MANY | dict.fromkeys(RARE, 2), ())


def neutral(text: str) -> Normal:
    return Normaliser(LEXICON).normalise(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the new bridge is near our school", "en"),
        ("der mann ist nicht hier und die frau auch", "de"),
        ("nu este un om bun si asta sunt toti", "ro"),
        ("saya tidak tahu kalau dia juga mau main", "id"),
        ("이것은 좋은 기사입니다", "ko"),
        ("привет как дела", "ru"),
        ("これは良い記事です", "other"),
        ("esto es un buen periodico para nosotros", "other"),
        ("bridge", "en"),
        ("said bridge school near xyzzy plugh quux fnord", "en"),
        ("bridge near school bridge xyzzy plugh quux fnord", "other"),
        ("bridge xyzzy", "en"),
        ("bridge xyzzy plugh", ""),
        ("xyzzy", ""),
        ("", ""),
        ("👍", ""),
    ],
)
def test_language_is_told(text: str, language: str) -> None:
    assert language_of(LEXICON, text) == language


def test_english_is_familiar() -> None:
    assert flags("en", neutral("a plain text")) == ()


def test_text_without_a_known_word_is_unfamiliar() -> None:
    assert flags("", neutral("")) == ("unfamiliar_text",)


@pytest.mark.parametrize(
    "text",
    [
        "I" + "\u0301" * 40_000,
        "a plain text, said I" + "\u0301\u0302\u0303\u0304\u0305",
        "a plain te" + "\u0301\u034f" * 5 + "xt",
        "a plain te" + "\u0301\u200b" * 5 + "xt",
        "a plain text. " * 1_100 + "I" + "\u0301" * 40_000 + " a plain text." * 400,
        "a plain text \u0e01" + "\u0e47" * 20,
        "a plain text &#769;&#769;&#769;&#769;&#769;",
    ],
)
def test_marks_stacked_on_one_sign_are_unfamiliar(text: str) -> None:
    assert "unfamiliar_text" in flags("en", neutral(text))


@pytest.mark.parametrize(
    "text",
    [
        "Vie\u0323\u0302t Nam",
        "\u0e19\u0e35\u0e49\u0e04\u0e37\u0e2d\u0e17\u0e35\u0e48",
        "a plain text, said I" + "\u0301" * 4,
        "\u2764\ufe0f" * 9,
        "\u2764" + "\ufe0f" * 9,
        "\u201c\u201d\u201c\u2014\u2026",
        "\u200b" * 40_000,
    ],
)
def test_marks_as_languages_have_them_are_no_stack(text: str) -> None:
    assert "unfamiliar_text" not in flags("en", neutral(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a plain text. " * 200, ()),
        ("a plain text. " * 250, ("unfamiliar_length",)),
        ("<b></b>" * 2_800 + "a plain text", ()),
        ("<b></b>" * 2_900 + "a plain text", ("unfamiliar_length",)),
    ],
)
def test_what_is_not_read_to_its_end_is_unfamiliar(text: str, found: tuple[str, ...]) -> None:
    assert flags("en", neutral(text)) == found


@pytest.mark.parametrize("language", ["de", "ro", "ko", "ru", "id", "other"])
def test_other_language_is_unfamiliar(language: str) -> None:
    assert flags(language, neutral("")) == ("unfamiliar_language",)


NICE = "thank you for this nice article about the school."


@pytest.mark.parametrize(
    "passage",
    [
        "ты тупая сука, сдохни",
        "你是个傻逼去死吧",
        "감사합니다 여러분",
        "du bist ein dummes arschloch und eine hure.",
        "hijo de puta, vete a la mierda",
        "tu es une grosse merde et je te deteste!",
        "nu esti decat un prost si un bou",
    ],
)
@pytest.mark.parametrize("text", ["{1} {0}", "{0}. {1}"])
def test_passage_of_another_language_is_unfamiliar(passage: str, text: str) -> None:
    assert doubts("en", neutral(text.format(passage, NICE))) == ("unfamiliar_language",)


@pytest.mark.parametrize(
    "text",
    [
        NICE,
        "the paper in el pais is de facto la prensa.",
        "oscar de la hoya won again.",
        "ursula von der leyen resigned yesterday.",
        "los angeles, las vegas, el paso.",
        "his name is достоевский.",
        "α β γ δ ε ζ η θ are angles.",
        "the word 会話 means talk.",
        "c'est la vie! que sera sera.",
        "le café de la paix",
    ],
)
def test_a_foreign_word_or_name_is_no_passage(text: str) -> None:
    assert not has_other_passage(text)


def test_foreign_share_counts_letters_alone() -> None:
    assert foreign_share("привет, 123!") == 1.0
    assert foreign_share("käse") == 0.0


def test_rare_abuse_is_flagged() -> None:
    text = "go rope yourself, you towelhead"
    assert flags("en", neutral(text)) == ("unfamiliar_slur", "unfamiliar_abuse")
    assert doubts("en", neutral(text)) == ()
