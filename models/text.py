"""One neutral form for all texts: markup, look-alikes and disguises undone, with a way back."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from models.lexicon import EDGES, Lexicon, Repair, repair
from models.links import parse
from models.marks import HIDDEN, has_stack
from models.markup import ENTITY, MARKUP
from models.memo import Memo
from models.trace import FoldTable, Piece, Rewrite, Trace, Translation

RAW_CHARS_MAX = 20_000
"""Longer texts are judged by their first three quarters and last quarter of this, and held."""
TOKEN_CHARS_MAX = 64
"""Longer tokens are not searched for disguises."""
MEMO_TOKENS_MAX = 100_000
SIGNALS = (
    "hidden",
    "fancy",
    "lookalike",
    "marks",
    "tagsplit",
    "spaced",
    "leet",
    "star",
    "repeat",
    "swap",
    "accent",
    "html_link",
    "bb_link",
    "md_link",
    "email",
    "url",
    "mention",
)
"""What the normaliser had to undo or typed, counted for each text."""

NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MARKS_RE = re.compile(f"[{_MARKS}]")
_LOOKALIKES = dict(
    zip(
        "аеорсухіјѕһԁԛԝвкмнтԍɡαεικνορτυχωβηρАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧɩɑɢʀʏ",
        "aeopcyxijshdqwbkmhtggaeikvoptuxwbnpABEKMHOPCTYXIJSABEZHIKMNOPTYXiagry",
        strict=True,
    )
)
_BOXED = (0x1F150, 0x1F170)
EMOJI_WORDS = {
    "🖕": "fuck", "🤡": "clown", "💩": "shit", "🤮": "vomit",
}  # fmt: skip
"""Pictures that mean abuse whatever is around them, and words for them: few were in training texts.
Those of animals and weapons are left as they are: most are meant as what they show."""
_FOREIGN = "\u0250-\u02af\u0370-\u03ff\u0400-\u052f"
_FOREIGN_RE = re.compile(f"[{_FOREIGN}]")
ENDINGS = (
    "com|net|org|info|biz|io|co|ru|de|uk|us|in|xyz|top|online|site|shop|club|me|tv|ly|gl|be|cn|"
    "eu|fr|it|nl|pl|br|au|ca|id|app|dev|blog|store|live|pro|win|vip|cc|ws|tk|ml|ga|su|ua|ro|kr|edu"
    "|gov"
)


def _fold(char: str) -> str:
    if "\ud800" <= char <= "\udfff" or HIDDEN.match(char):
        return ""
    if char in "\u2018\u2019\u201b\u2032\u00b4\u02bc":
        return "'"
    if char in "\u201c\u201d\u201e\u2033\u00ab\u00bb":
        return '"'
    if char in EMOJI_WORDS:
        return f" {EMOJI_WORDS[char]} "
    folded = in_a_box(char) or unicodedata.normalize("NFKC", char).replace("\u0130", "I")
    return "".join(
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in folded
    )


def in_a_box(char: str) -> str:
    """Return the letter that a white one on black stands for, which NFKC leaves as it is."""
    first = next((one for one in _BOXED if one <= ord(char) < one + 26), None)
    return "" if first is None else chr(ord(char) - first + ord("A"))


@lru_cache(maxsize=4096)
def is_fancy(char: str) -> bool:
    if in_a_box(char):
        return True
    folded = unicodedata.normalize("NFKC", char)
    return folded != char and folded.isascii() and folded.isalnum() and char.isalnum()


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _composed(match: re.Match[str]) -> Iterable[Piece]:
    whole = composed(match[1] + match[2][:1])
    return (whole if len(whole) == 1 else match[1],)


def _has_link(text: str) -> bool:
    """Tell quickly that there is no link: sentences end in a dot and a space."""
    return "://" in text or bool(_DOT_LETTER.search(text) and _DOT_ENDING.search(text))


def _links(text: str) -> tuple[str, ...]:
    return tuple(match[0] for match in URL.pattern.finditer(text))


def _has_marks(text: str) -> bool:
    return not text.isascii() and bool(_MARKS_RE.search(text))


def _has_foreign(text: str) -> bool:
    return not text.isascii() and bool(_FOREIGN_RE.search(text))


def _only_lookalikes(text: str) -> bool:
    if not _has_foreign(text):
        return False
    foreign = _FOREIGN_RE.findall(text)
    letters = len(re.findall("[A-Za-z]", text))
    return 0 < len(foreign) < letters and all(char in _LOOKALIKES for char in foreign)


def _mapped(match: re.Match[str]) -> Iterable[Piece]:
    return ("".join(_LOOKALIKES.get(char, char) for char in match[0]),)


def _has_at(text: str) -> bool:
    return "@" in text


def _has_emphasis(text: str) -> bool:
    return "*" in text or "_" in text or "~" in text or "`" in text


# Begins with its dot, which is found faster than any of several beginnings.
_DOT_ENDING = re.compile(rf"\.(?:(?<=www\.)|(?:{ENDINGS})(?:/|(?![\w.-]*\w)))", re.I)
_SPACED_GUARD = re.compile(r"[ .\-_*]\w[ .\-_*]\w(?!\w)")
_DOT_LETTER = re.compile(r"\.[A-Za-z]")

MARKS = Rewrite("marks", re.compile(f"(.)([{_MARKS}]+)", re.S), _composed, _has_marks)
FOLD = Translation(FoldTable(_fold))
LOOKALIKE = Rewrite(
    "lookalike",
    # Of a word its beginning alone is tried: all its places would take seconds of a long one.
    re.compile(rf"(?<!\w)\w*(?:[A-Za-z][{_FOREIGN}]|[{_FOREIGN}][A-Za-z])\w*"),
    _mapped,
    _has_foreign,
)
ALL_LOOKALIKE = Rewrite("lookalike", re.compile(f"[{_FOREIGN}]+"), _mapped, _only_lookalikes)
"""A word written wholly in look-alikes gives itself away where no other foreign letter is."""
TYPED = (
    Rewrite(
        "email",
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
        lambda _: (" emailaddr ",),
        _has_at,
    ),
    Rewrite(
        "url",
        re.compile(
            r"(?:https?://|ftp://|www\.)[^\s<>\"']{1,2000}"
            rf"|(?<![\w@.])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{ENDINGS})(?![\w-])(?:[/?:][^\s<>\"']{{0,2000}})?",
            re.I,
        ),
        lambda _: (" url ",),
        _has_link,
    ),
)
URL = TYPED[-1]
EMPHASIS = Rewrite(
    "emphasis",
    re.compile(r"(?<![\w*])(\*{1,3}|_{1,2}|~~|`)(?=\w)([^*_~`\n]{1,300})(?<=[\w.!?])\1(?![\w*])"),
    lambda _: (2,),
    _has_emphasis,
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
SPACE = Rewrite("space", re.compile(r"[\s\x00-\x1f\x7f]+"), lambda _: (" ",))


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in neutral form. `cased` has the same length as its lower-case `text`."""

    cased: str
    signals: dict[str, int]
    links: tuple[str, ...]
    stacked: bool = False
    """Whether the raw text had STACK_MARKS_MIN marks on one sign, which readers see."""
    cut: bool = False
    """Whether the raw text had more than RAW_CHARS_MAX characters."""

    @property
    def text(self) -> str:
        """Return the lower-case form that the features read."""
        return self.cased.lower()


class Normaliser:
    """Brings texts into the neutral form; knows the words in whose sense it repairs others."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._repairs = Memo(self._repair, MEMO_TOKENS_MAX, TOKEN_CHARS_MAX)
        self._spaced = Rewrite(
            "spaced",
            re.compile(r"(?<!\w)\w([ .\-_*])\w(?:\1\w)+(?!\w)"),
            self._joined,
            _SPACED_GUARD.search,
        )
        self._repair_step = Rewrite("repair", re.compile(r"\S+"), self._repair_pieces)
        self._mention = Rewrite(
            "mention", re.compile(r"(?<!\w)@(\w{2,64})"), self._mentioned, _has_at
        )
        self._steps = (
            ENTITY,
            ENTITY,
            *MARKUP,
            MARKS,
            FOLD,
            LOOKALIKE,
            ALL_LOOKALIKE,
            *TYPED,
            self._mention,
            EMPHASIS,
            self._spaced,
        )

    def normalise(self, raw: str) -> Normal:
        """Return the neutral form of any text, with its signals and its links as typed.

        A path in look-alikes is read as what it looks like; a host in them is another's.
        """
        text = clipped(raw)
        signals = _hidden_signals(text)
        stacked = has_stack(raw)  # in what is clipped, too
        links: tuple[str, ...] = ()
        unmapped = text
        for step in self._steps:
            if isinstance(step, Translation):
                text = step.plain(text)
                continue
            if step is MARKS:
                stacked = stacked or has_stack(text)  # entities are marks by now
                unmapped = text
            if not step.guard(text):
                continue
            if step is URL:
                links = _links(text)
            text, count = step.plain(text)
            if count:
                signals[step.name] = signals.get(step.name, 0) + count
        mapped = "lookalike" in signals or "marks" in signals
        if links and mapped and links != _links(FOLD.plain(unmapped)):
            links = self._with_true_hosts(links, raw)
        cut = len(raw) > RAW_CHARS_MAX
        return Normal(self._repaired(text, signals), signals, links, stacked, cut)

    def trace(self, raw: str) -> Trace:
        """Return the neutral form (cased) with the range of `raw` behind each character."""
        trace = self._traced(raw, len(self._steps))
        return _stripped(self._repair_step.traced(SPACE.traced(trace)))

    def _traced(self, raw: str, steps: int) -> Trace:
        trace = _clipped_trace(raw)
        for step in self._steps[:steps]:
            trace = step.traced(trace)
        return trace

    def _with_true_hosts(self, links: tuple[str, ...], raw: str) -> tuple[str, ...]:
        """Return links with those as typed whose hosts only look like what they were read as."""
        trace = self._traced(raw, self._steps.index(URL))
        places = (trace.span(*match.span()) for match in URL.pattern.finditer(trace.text))
        both = zip(links, (raw[slice(*place)] for place in places), strict=True)
        return tuple(
            typed if parse(typed).host != parse(link).host else link for link, typed in both
        )

    def _joined(self, match: re.Match[str]) -> Iterable[Piece]:
        joined = match[0][::2]
        if sum(char.isalpha() for char in joined) < 3:
            return (0,)
        low = joined.lower()
        if low in self.lexicon or repair(self.lexicon, low):
            return (joined,)
        return (" ".join(self.lexicon.split(low) or [joined]),)

    def _mentioned(self, match: re.Match[str]) -> Iterable[Piece]:
        found = repair(self.lexicon, match[0].lower())
        if found and found.word in self.lexicon.abusive:
            return (found.word,)
        return ("@user",)

    def _repaired(self, text: str, signals: dict[str, int]) -> str:
        """Return the text with its words repaired, white space squeezed."""
        tokens = (text if text.isprintable() else CONTROL.sub(" ", text)).split()
        repairs = list(map(self._repairs.__getitem__, tokens))
        if not any(repairs):
            return " ".join(tokens)
        for found in filter(None, repairs):
            signals[found.trick] = signals.get(found.trick, 0) + 1
        words = zip(tokens, repairs, strict=True)
        return " ".join([found.word if found else token for token, found in words])

    def _repair_pieces(self, match: re.Match[str]) -> Iterable[Piece]:
        found = self._repairs[match[0]]
        return (found.word,) if found else (0,)

    def _repair(self, token: str) -> Repair | None:
        found = _repair_token(self.lexicon, token)
        return None if found is None or found.word == token else found


_WORD_PARTS = re.compile(r"([^\w@$!+*#%'?|.\-]+|(?<=[a-z]{3})[-.](?=[a-z]{3}))")
_NUMBERED = re.compile(r"(?<![^\W_])[A-Z]\d{2,4}(?![^\W_])")
"""A road, a part or a model, such as A55: with a capital it is seldom a word in disguise."""
_AROUND = EDGES + ',;:()[]{}<>/\\"&=~^`'
"""Signs that may stand around a word without hiding it."""


def _repair_token(lexicon: Lexicon, token: str) -> Repair | None:
    """Return what a token was meant to be, or None if it stands as it is."""
    low = token.lower()
    if len(token) > TOKEN_CHARS_MAX or low == "@user" or len(low) != len(token):
        return None
    if low in lexicon or low.strip(_AROUND) in lexicon:
        return None
    if low.isascii() and low.isalpha():
        return repair(lexicon, low)
    parts = _WORD_PARTS.split(low)
    numbered = {code.lower() for code in _NUMBERED.findall(token)}
    trick = ""
    for index in range(0, len(parts), 2):
        part = parts[index]
        if part.strip(EDGES) in numbered:
            continue
        core = part.rstrip("!.,?")
        if found := (repair(lexicon, core) if core != part else None):
            parts[index], trick = found.word + part[len(core) :], found.trick
        elif found := repair(lexicon, part):
            parts[index], trick = found.word, found.trick
    return Repair("".join(parts), trick) if trick else None


def clipped(raw: str) -> str:
    """Return a text cut in its middle to RAW_CHARS_MAX characters (and a space)."""
    if len(raw) <= RAW_CHARS_MAX:
        return raw
    head = RAW_CHARS_MAX * 3 // 4
    return raw[:head] + " " + raw[head - RAW_CHARS_MAX :]


def _clipped_trace(raw: str) -> Trace:
    if len(raw) <= RAW_CHARS_MAX:
        return Trace.of(raw)
    text = clipped(raw)
    head = RAW_CHARS_MAX * 3 // 4
    gap = len(raw) - RAW_CHARS_MAX
    starts = [*range(head), head, *range(head + gap, len(raw))]
    return Trace(text, starts, [start + 1 for start in starts])


def _hidden_signals(text: str) -> dict[str, int]:
    if text.isascii():
        return {}
    counts = {
        "hidden": len(HIDDEN.findall(text)),
        "fancy": sum(map(is_fancy, NOT_ASCII.findall(text))),
    }
    return {name: count for name, count in counts.items() if count}


def _stripped(trace: Trace) -> Trace:
    text = trace.text
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return Trace(text[start:end], trace.starts[start:end], trace.ends[start:end])
