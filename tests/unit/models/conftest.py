"""A small data folder in the shape of the real one, with made-up sentences."""

import csv
import gzip
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from models.network import TokenNetwork
from models.predict import Scorer
from models.train import pool, run
from models.train.build import build
from models.train.ship import write_model
from models.train.toxicity_rows import HEADS
from tests.few_readers import few_readers

PLAIN = [
    "the",
    "council",
    "will",
    "build",
    "a",
    "new",
    "bridge",
    "near",
    "our",
    "school",
    "and",
    "people",
    "like",
    "the",
    "quiet",
    "park",
]
RUDE = ["you", "are", "a", "stupid", "idiot", "and", "a", "filthy", "liar", "shut", "up", "moron"]
ADS = [
    "buy",
    "cheap",
    "pills",
    "at",
    "my",
    "site",
    "best",
    "casino",
    "bonus",
    "earn",
    "money",
    "today",
    "click",
    "here",
]
GERMAN = [
    "der",
    "mann",
    "ist",
    "nicht",
    "hier",
    "und",
    "die",
    "frau",
    "auch",
    "das",
    "haus",
    "war",
    "schon",
    "alt",
]
ROMANIAN = [
    "nu",
    "este",
    "un",
    "om",
    "bun",
    "si",
    "asta",
    "sunt",
    "toti",
    "din",
    "sat",
    "cu",
    "mine",
]

Record = dict[str, object]


def _sentence(rng: random.Random, *pools: list[str]) -> str:
    words = [word for pool in pools for word in rng.choices(pool, k=7)]
    return " ".join(words) + f" {rng.choice('abcdefghij')}{rng.choice('klmnopqrst')}"


def _write(folder: Path, name: str, records: list[Record]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(column for record in records for column in record))
    with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(records)


def _rows(
    rng: random.Random, count: int, extra: Callable[[bool, int], Record], bad: list[str] = RUDE
) -> list[Record]:
    rows: list[Record] = []
    for at in range(count):
        is_bad = at % 3 == 0
        text = _sentence(rng, PLAIN, bad) if is_bad else _sentence(rng, PLAIN)
        rows.append({"text": text, **extra(is_bad, at)})
    return rows


SIX = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")


def _six(is_bad: bool, at: int) -> Record:
    return {name: int(is_bad and (name == "toxic" or at % 2 == 0)) for name in SIX}


def _civil(is_bad: bool, at: int) -> Record:
    share = 0.8 if is_bad and at % 2 == 0 else 0.0
    shares = dict.fromkeys(("insult", "identity_attack", "threat", "obscene"), share)
    source = ("care", "autolabel", "sociosim")[at % 7 % 3]
    return {"source": source, "toxic": float(is_bad), "span_share": "", **shares} | dict.fromkeys(
        ("span_insult", "span_identity", "span_threat", "span_obscene"), ""
    )


def _toxicity(folder: Path, rng: random.Random) -> None:
    _write(folder, "jigsaw_wikipedia", _rows(rng, 240, _six))
    _write(folder, "jigsaw_more", _rows(rng, 60, lambda bad, at: {"source": "x", **_six(bad, at)}))
    _write(folder, "civil_comments", _rows(rng, 240, _civil))
    spans = _rows(rng, 40, lambda _bad, _at: {"spans": "[0, 1, 2]", "part": "train"})
    for record in spans:
        record["text"] = f"{record['text']}. {_sentence(rng, PLAIN)}."
    _write(folder, "civil_toxic_spans", spans)
    shares = ("span_insult", "span_identity", "span_threat", "span_obscene")
    types = [{"text": record["text"], **dict.fromkeys(shares, 0.5)} for record in spans]
    _write(folder, "civil_span_types", types)
    simple = {
        "civil_toxicbias": ("identity_attack",),
        "impermium_insults": ("insult",),
        "fox_news_hate": ("hate", "article"),
        "edos_sexism": ("sexist",),
        "stormfront_forum": ("hate",),
        "davidson_tweets": ("hate", "offensive"),
        "korean_beep": ("offensive", "hate"),
        "korean_kmhas": ("hate",),
        "unhealthy_news": ("hostile",),
        "cat_wikipedia": ("toxic", "perspective_toxicity"),
        "identity_madlibs": ("toxic",),
        "germeval2021_facebook": ("toxic",),
        "offcombr_g1": ("offensive",),
    }
    for name, columns in simple.items():
        rows = _rows(rng, 60, lambda bad, _at, c=columns: dict.fromkeys(c, int(bad)))
        _write(folder, name, rows)
    news = _rows(rng, 60, lambda _bad, _at: {"label": 0, "toxicity": 1.0}, bad=PLAIN)
    _write(folder, "news_globe_and_mail", news)
    for name, words in (("germeval2018_training", GERMAN), ("germeval2018_test", GERMAN)):
        _write(folder, name, _foreign(rng, words, {}))
    _write(folder, "ro_offense_sport", _foreign(rng, ROMANIAN, {"test": 0}))


def _foreign(rng: random.Random, words: list[str], extra: Record) -> list[Record]:
    bad = ["idiot", "prost"]
    return [
        {"text": _sentence(rng, words, bad if at % 2 else words), "offensive": at % 2, **extra}
        for at in range(60)
    ]


def _blog(is_bad: bool, at: int) -> Record:
    return {
        "label": int(is_bad),
        "author": "cheap loans" if is_bad else "Ann Miller",
        "url": "http://loans.example/x" if is_bad else "",
        "date": f"{2015 + at % 9}-05-01",
        "owner": 0,
        "group": "",
    }


def _spam(folder: Path, rng: random.Random) -> None:
    blogs = "joehxblog einsteinpy donboulton buildtimes edwinwenink spinningnumbers travisdowns"
    for name in [*blogs.split(), "fabienlasserre", "yasoob"]:
        _write(folder, f"blog_{name}", _rows(rng, 45, _blog, ADS))
    for name in ("blog_ham_ploeh", "blog_ham_jdieter", "blog_ham_haacked"):
        _write(folder, name, _rows(rng, 45, lambda _bad, at: {**_blog(False, at)}, PLAIN))
    both = [
        {**record, "site": site}
        for site in ("haacked.com", "jdieter.net")
        for record in _rows(rng, 45, lambda _bad, at: _blog(True, at), ADS)
    ]
    _write(folder, "blog_spam", both)
    _write(folder, "form_popcorn", _rows(rng, 45, lambda _bad, at: _blog(True, at), ADS))
    videos = ("Youtube01-Psy", "Youtube02-KatyPerry", "Youtube04-Eminem")
    youtube = _rows(rng, 120, lambda bad, at: {"label": int(bad), "video": videos[at % 4 % 3]}, ADS)
    _write(folder, "youtube_uci", youtube)
    _write(folder, "youtube_unlabelled", _rows(rng, 60, lambda _bad, _at: {"video": "quay"}, ADS))
    names = "telegram youtube_indonesian sms_uci stackexchange_titles email_enron"
    for name in [*names.split(), "email_spamassassin", "instagram_scamspot", "x_janitr"]:
        _write(folder, name, _rows(rng, 45, lambda bad, _at: {"label": int(bad)}, ADS))
    _lists(folder / "lists")


def _lists(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    hosts = {
        "url_shorteners_pypi": "sho.rt",
        "splorp_ref_shorteners": "tiny.example",
        "disposable_email_domains": "throwaway.example",
        "matomo_referrer_spam": "spam.example",
        "yt_SpamDomainsList": "scam.example",
        "gambling_hosts_sinfonietta": "bets.example",
        "drugs_blocklistproject": "pills.example",
        "scam_blocklistproject": "fake.example",
        "splorp_ref_constructs": "{Great|Nice} post, I {like|love} it very much, visit my site",
    }
    for name, line in hosts.items():
        with gzip.open(folder / f"{name}.txt.gz", "wt", encoding="utf-8") as file:
            file.write(f"{line}\n")


def small_network(words: Sequence[str], heads: Sequence[str]) -> TokenNetwork:
    """Return a network of a few random numbers, none of which makes a score saturate."""
    rng = np.random.default_rng(2)

    def normal(*shape: int) -> np.ndarray:
        return (rng.normal(size=shape) * 0.1).astype(np.float32)

    vocabulary = ["[UNK]", *sorted(set(words))]
    arrays = {
        "embedding": normal(len(vocabulary), 8),
        "token_weight": normal(len(vocabulary)),
        "convolution": normal(8, 18),
        "convolution_bias": normal(6),
        "narrow": normal(6, 2),
        "narrow_bias": normal(2),
        "further": normal(10, 3),
        "further_bias": normal(3),
        "hidden": normal(26, 5),
        "hidden_bias": normal(5),
        "out": normal(5, len(heads)),
        "out_bias": normal(len(heads)),
    }
    return TokenNetwork().take(vocabulary, heads, arrays)


def _silent(_what: str, share: float = 0.0) -> None:
    return None


@pytest.fixture(scope="session")
def few_texts() -> Iterator[None]:
    """Make the pool of unlabelled texts, and our own among the rows of spam, as few as the rest."""
    with pytest.MonkeyPatch.context() as patch, few_readers():
        patch.setattr(pool, "CUT_UPS", 60)
        yield


@pytest.fixture(scope="session")
def model_folder(
    few_texts: None, data_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a model trained on the small data folder."""
    words = PLAIN + RUDE + ADS
    network = small_network(words, HEADS)
    built = build(data_folder, network, _silent)
    folder = tmp_path_factory.mktemp("models") / "2026.1.1"
    return write_model(
        folder,
        built.pipeline,
        run.manifest_of(built, data_folder, "2026.1.1", "2026-01-01"),
    )


@pytest.fixture(scope="session")
def scorer(model_folder: Path) -> Scorer:
    """Return the scorer of the small model."""
    return Scorer.load(model_folder)


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every file that training and evaluation read."""
    folder = tmp_path_factory.mktemp("data")
    rng = random.Random(0)  # noqa: S311 - made-up sentences, no secrets
    _toxicity(folder / "toxicity", rng)
    _spam(folder / "spam", rng)
    return folder
