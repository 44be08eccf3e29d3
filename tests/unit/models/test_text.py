"""The neutral form: what is undone, what is left alone, and the way back."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.disguised import hides_letters
from models.lexicon import Lexicon
from models.text import RAW_CHARS_MAX, Normaliser, clipped

WORDS = "you are a an the stupid idiot fuck shit your face people hello this is not good said"


@pytest.fixture(scope="module")
def normaliser() -> Normaliser:
    counts = dict.fromkeys(WORDS.split(), 100)
    return Normaliser(Lexicon.of(counts, ["stupid", "idiot", "fuck", "shit"]))


SIGNS = st.text(
    alphabet=st.characters(codec=None) | st.sampled_from("<>&;[]()*@.$ \u200b\u0301аеfuck🖕🅰"),
    max_size=60,
)
TAGS = st.sampled_from(["<p title='", '<img alt="', "' alt=", '" title="', '">', "'>"])
ANY_TEXT = SIGNS | st.lists(SIGNS | TAGS, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("raw", "neutral"),
    [
        ("You are a st*pid 1d10t!!", "you are a stupid idiot!!"),
        ("fu\u200bck", "fuck"),
        ("ｆｕｃｋ", "fuck"),
        ("ѕtuрid", "stupid"),
        ("s t u p i d", "stupid"),
        ("y o u r f a c e", "your face"),
        ("s.t.u.p.i.d", "stupid"),
        ("stuuuupid", "stupid"),
        ("fcuk", "fuck"),
        ("f<b>u</b>ck", "fuck"),
        ("f<b></b>uck", "fuck"),
        ("f<wbr><wbr>uck", "fuck"),
        ("f<ins>u</ins>ck", "fuck"),
        ("f<code>u</code>ck", "fuck"),
        ("f<!---->uck", "fuck"),
        ("<b>f</b><i title='you'>uck</i>", "fuck"),
        ("f[b]u[/b]ck", "fuck"),
        ("f<b>[I]uck", "fuck"),
        ("f<b>\u200b</b>uck", "fuck"),
        ("f\u200b<b></b>\u00aduck", "fuck"),
        ("I \u2764\ufe0f<b>you</b>", "i \u2764 you"),
        ("hello<br>you", "hello you"),
        ("hello</p><p>you", "hello you"),
        ("a[0]b", "a[0]b"),
        ("hello<b at www.x.example>you", "hello b at url you"),
        ("sh1t", "shit"),
        ("**stupid**", "stupid"),
        ("&lt;b&gt;hello&lt;/b&gt;", "hello"),
        ("[hello](http://x.example/y)", "hello url"),
        ("[url=http://x.example]hello[/url]", "url hello"),
        ('<a href="http://x.example">hello</a>', "url hello"),
        ("see <https://x.example/?a=1>", "see url"),
        ("see &lt;https://x.example&gt; now", "see url now"),
        ("see <www.x.example>", "see url"),
        ("ask <john@site.com>", "ask emailaddr"),
        ("[hello](<https://x.example/y>)", "hello url"),
        ("hello <you are at www.x.example now>", "hello you are at url now"),
        ("hello <!-- you are at www.x.example -->", "hello you are at url"),
        ("hello <this is not good>", "hello"),
        ("hello <p title='http://x.example'>you</p>", "hello you"),
        ('hello <iframe width=9 src="http://x.example/a" allowfullscreen></iframe>', "hello url"),
        ('hello <img alt="" src=//x.com/a.png>', "hello url"),
        ('hello <img src="/a.png">', "hello"),
        ("mail me at john@site.com", "mail me at emailaddr"),
        ("@someone hello", "@user hello"),
        ("h\u0301\u0302\u0303ello", "hello"),
        ("🅵🆄🅲🅺 🅨🅞🅤", "fuck you"),
        ("🖕you", "fuck you"),
        ("$hit", "shit"),
        ("[hello](http://x.example 'stupid')", "hello url 'stupid'"),
    ],
)
def test_disguise_or_markup_is_undone(normaliser: Normaliser, raw: str, neutral: str) -> None:
    assert normaliser.normalise(raw).text == neutral


@pytest.mark.parametrize("word", ["mp3", "su-35", "10k", "3rd", "5pm", "käse", "привет", "u-boot"])
def test_honest_word_is_left_alone(normaliser: Normaliser, word: str) -> None:
    assert normaliser.normalise(word).text == word


@pytest.mark.parametrize(
    "piece",
    [
        "<p title= ",
        " ",
        "<p title='",
        "a='b c' ",
        "title=x<",
        "<b a=a",
        "[x](",
        "<a href=x ",
        "&lt;",
        "<a " + "href=x" * 66 + "x" * 400,
        "<img " + "src=//x" * 57 + "x" * 400,
        "<x " + "a.bb " * 79,
        "a<b></b>",
        "a<!--",
        "a<!---->",
        "a[b]<i><b ",
    ],
)
def test_hostile_markup_takes_no_long_time(normaliser: Normaliser, piece: str) -> None:
    raw = "<p title=" + piece * (RAW_CHARS_MAX // len(piece))
    begun = time.process_time()
    normaliser.normalise(raw)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("end", ["", " ф", "!", " a.com", "\u0301"])
@pytest.mark.parametrize(
    "piece",
    ["a", "1", "_", "4", "ß", "ф", "ё", "東", "ⓐ", "a.", "a-", "a@", "*a", "a\u0301", "aaab"],
)
def test_a_long_run_of_signs_takes_no_long_time(
    normaliser: Normaliser, piece: str, end: str
) -> None:
    raw = piece * (RAW_CHARS_MAX // len(piece) - len(end)) + end
    begun = time.process_time()
    normaliser.normalise(raw)
    assert time.process_time() - begun < 1


def test_a_white_letter_on_black_is_a_signal(normaliser: Normaliser) -> None:
    assert normaliser.normalise("🅵🆄🅲🅺 🅨🅞🅤").signals == {"fancy": 7}


def test_signals_say_what_was_undone(normaliser: Normaliser) -> None:
    signals = normaliser.normalise("st*pid fu\u200bck ѕtuрid ｓhit http://x.example/a").signals
    assert {"star", "hidden", "lookalike", "fancy", "url"} <= set(signals)


@pytest.mark.parametrize(
    "raw",
    [
        "\u0443\u043eu \u0430r\u0435",
        "id\u0456ot",
        "&#1110;diot",
        "i\u200bd\u200biot",
        "\U0001d48a\U0001d485iot",
        "\uff49\uff44iot",
        "\U0001f178\U0001f173iot",
        "i\u0336d\u0336iot",
        "i\u0301\u0302\u0303\u0304diot",
    ],
)
def test_disguised_letters_are_told(raw: str) -> None:
    assert hides_letters(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "We burn CO\u2082 on 20 m\u00b2 of land",
        "cafe\u0301, re\u0301sidence, nai\u0308ve",
        "Vie\u0323\u0302t, o\u0323\u0301",
        "\u2764\ufe0f 1\ufe0f\u20e3 \U0001f468\u200d\U0001f469",
        "1\u00aa, 2\u00ba, \ufb01ne",
        "10 \u00b5g, 5 \u03bcm, 3 k\u03a9",
        "\ufeffHello \u200b you",
        "\u041f\u0440\u0438\u0432\u0435\u0442",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    ],
)
def test_what_is_written_so_by_honest_people_disguises_no_letter(raw: str) -> None:
    assert not hides_letters(raw)


def test_plain_text_has_no_signals(normaliser: Normaliser) -> None:
    assert normaliser.normalise("Hello, this is not good.").signals == {}


def test_links_are_kept_as_typed(normaliser: Normaliser) -> None:
    assert normaliser.normalise("see http://x.example/a and ok.com").links == (
        "http://x.example/a",
        "ok.com",
    )


@pytest.mark.parametrize(
    "link", ["https://bbс.com/news", "www.nуtimes.com/x", "bbc\u0335.com", "https://ЬЬс.com/"]
)
def test_host_in_look_alikes_is_kept_as_typed(normaliser: Normaliser, link: str) -> None:
    raw = f"see ѕtuрid@x.com https://bbc.com/news {link}"
    assert normaliser.normalise(raw).links == ("https://bbc.com/news", link)


def test_path_in_look_alikes_is_kept_as_read(normaliser: Normaliser) -> None:
    assert normaliser.normalise("see http://x.com/сasino").links == ("http://x.com/casino",)


def test_long_text_keeps_head_and_tail() -> None:
    raw = "a" * RAW_CHARS_MAX + "end"
    assert len(clipped(raw)) == RAW_CHARS_MAX + 1
    assert clipped(raw).endswith("end")


@given(ANY_TEXT)
@settings(max_examples=300, deadline=None)
def test_traced_text_is_the_normalised_text(normaliser: Normaliser, raw: str) -> None:
    assert normaliser.trace(raw).text == normaliser.normalise(raw).cased


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_every_character_comes_from_a_range_of_the_original(
    normaliser: Normaliser, raw: str
) -> None:
    trace = normaliser.trace(raw)
    assert len(trace.starts) == len(trace.ends) == len(trace.text)
    assert all(0 <= a < b <= len(raw) for a, b in zip(trace.starts, trace.ends, strict=True))


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_lower_form_has_the_length_of_the_cased_form(normaliser: Normaliser, raw: str) -> None:
    normal = normaliser.normalise(raw)
    assert len(normal.text) == len(normal.cased)


def test_range_of_a_disguised_word_cuts_the_original(normaliser: Normaliser) -> None:
    raw = "You   are <b>a</b> st*pid person"
    trace = normaliser.trace(raw)
    at = trace.text.index("stupid")
    start, end = trace.span(at, at + 6)
    assert raw[start:end] == "st*pid"


@pytest.mark.parametrize(
    ("raw", "word", "cut"),
    [
        ("hello 🖕", "fuck", "🖕"),
        ("a 🆂🅷🅸🆃", "SHIT", "🆂🅷🅸🆃"),
        ("good at x.com now", "url", "x.com"),
        ("hello a@gmail.com", "emailaddr", "a@gmail.com"),
        ("an i\u0335d\u0335i\u0335o\u0335t\u0335", "idiot", "i\u0335d\u0335i\u0335o\u0335t\u0335"),
    ],
)
def test_range_of_what_only_looks_like_no_word_cuts_the_original(
    normaliser: Normaliser, raw: str, word: str, cut: str
) -> None:
    trace = normaliser.trace(raw)
    at = trace.text.index(word)
    start, end = trace.span(at, at + len(word))
    assert raw[start:end] == cut


def test_range_survives_the_cut_in_the_middle(normaliser: Normaliser) -> None:
    raw = "x " * RAW_CHARS_MAX + "idiot"
    trace = normaliser.trace(raw)
    start, end = trace.span(len(trace.text) - 5, len(trace.text))
    assert raw[start:end] == "idiot"


@pytest.mark.parametrize(
    "piece", ["\u200b<wbr>", "\u200b<u>\u200b", "a\u200b<b>", "&shy;<b>", "\u3164[b]", "a<b>"]
)
def test_hidden_characters_among_tags_take_no_long_time(normaliser: Normaliser, piece: str) -> None:
    raw = piece * (RAW_CHARS_MAX // len(piece))
    begun = time.process_time()
    normaliser.normalise(raw)
    assert time.process_time() - begun < 0.5
