"""A data folder with every file that training and evaluation read, filled with made-up rows."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.integration.models.synthetic_texts import Writer

Rows = Iterable[dict[str, str]]

ABUSE = ("insult", "profanity", "threat", "hate", "severe")
KINDS = ("plain", *ABUSE)
_BLOG = "text,label,author,url,date,site,post,basis,owner,copies,group"
_HAM_BLOG = "text,label,author,url,date,post"
_BLOG_SPAM = "text,label,author,url,date,post,site,pr,copies,basis"
_SPANS = "raters,span_share,span_insult,span_threat,span_identity,span_obscene,span_other"
_SIX = "toxic,severe_toxic,obscene,threat,insult,identity_hate"
_CIVIL = (
    "text,source,toxic,toxicity,severe_toxicity,obscene,threat,insult,identity_attack,"
    f"sexual_explicit,{_SPANS},cut"
)
_NEWS = (
    "text,healthy,hostile,antagonize,condescending,dismissive,generalisation,"
    "generalisation_unfair,sarcastic"
)
COLUMNS = {
    "toxicity/jigsaw_wikipedia": f"id,text,{_SIX}",
    "toxicity/jigsaw_more": f"text,source,{_SIX}",
    "toxicity/civil_comments": _CIVIL,
    "toxicity/civil_span_types": f"text,{_SPANS}",
    "toxicity/civil_toxic_spans": "text,spans,part",
    "toxicity/civil_toxicbias": "text,identity_attack,bias,race,religion,gender,lgbtq,political",
    "toxicity/impermium_insults": "text,insult",
    "toxicity/fox_news_hate": "text,hate,article",
    "toxicity/edos_sexism": "text,sexist,category,split",
    "toxicity/stormfront_forum": "text,hate",
    "toxicity/davidson_tweets": "text,hate,offensive,votes_hate,votes_offensive,votes",
    "toxicity/cat_wikipedia": "text,toxic,perspective_toxicity,parent",
    "toxicity/unhealthy_news": _NEWS,
    "toxicity/news_globe_and_mail": "text,label,article_id,comment_id,toxicity,constructive",
    "toxicity/identity_madlibs": "text,toxic",
    "toxicity/olid_tweets": "text,offensive,targeted,target",
    "toxicity/germeval2018_test": "text,offensive,kind",
    "toxicity/germeval2018_training": "text,offensive,kind",
    "toxicity/germeval2021_facebook": "text,toxic,engaging,fact_claiming,test",
    "toxicity/korean_beep": "text,offensive,hate,gender_bias,other_bias,dev",
    "toxicity/korean_kmhas": (
        "text,hate,origin,physical,politics,profanity,age,gender,race,religion,test"
    ),
    "toxicity/offcombr_g1": "text,offensive,all_three_agree",
    "toxicity/ro_offense_sport": "text,offensive,profanity,insult,abuse,test",
    "spam/blog_ham_haacked": _HAM_BLOG,
    "spam/blog_ham_jdieter": _HAM_BLOG,
    "spam/blog_ham_ploeh": _BLOG,
    "spam/blog_ham_stanko": _BLOG,
    "spam/blog_spam": _BLOG_SPAM,
    "spam/blog_unclear": _BLOG_SPAM,
    "spam/form_popcorn": f"text,title,{_BLOG.removeprefix('text,')}",
    "spam/youtube_uci": "text,label,video,author,date,comment_id",
    "spam/youtube_unlabelled": "text,video,date,has_link,author_hash",
    "spam/youtube_indonesian": "text,label,source,author,date,video",
    "spam/telegram": "text,label",
    "spam/sms_uci": "text,label",
    "spam/stackexchange_titles": "text,label,source",
    "spam/email_enron": "text,label,subject,date,part",
    "spam/email_spamassassin": "text,label,subject,group,date",
    "spam/smokedetector_cases": "text,label,title,body,author,site",
    "spam/x_ai_replies": f"{_BLOG},parent",
}
"""The columns of each file, as the real ones have them."""
MIXED_BLOGS = (
    *("joehxblog", "einsteinpy", "donboulton", "buildtimes", "edwinwenink"),
    *("spinningnumbers", "travisdowns", "fabienlasserre", "yasoob"),
)
COLUMNS |= {f"spam/blog_{site}": _BLOG for site in MIXED_BLOGS}
COLUMNS |= {f"spam/{name}": _BLOG for name in ("instagram_scamspot", "x_janitr")}
VIDEOS = ("Youtube01-Psy", "Youtube02-KatyPerry", "Youtube04-Eminem")
LISTS = {
    "url_shorteners_pypi": ["sho.example", "tiny.example"],
    "splorp_ref_shorteners": ["/tiny.example/"],
    "disposable_email_domains": ["throwaway.example"],
    "matomo_referrer_spam": ["bestslots.com", "www.luckywin.com"],
    "yt_SpamDomainsList": ["pillstore.com"],
    "gambling_hosts_sinfonietta": ["slots.example"],
    "drugs_blocklistproject": ["pills.example"],
    "scam_blocklistproject": ["scam.example", "no host"],
    "splorp_ref_constructs": [
        f"{{I have|I've}} read {{this|your}} and {{love|like}} every {{single |}}word, {number}."
        for number in range(12)
    ],
}


def _yes(kind: str, *kinds: str) -> str:
    return "1" if kind in kinds else "0"


def _six(kind: str) -> dict[str, str]:
    return {
        "toxic": _yes(kind, *ABUSE),
        "severe_toxic": _yes(kind, "severe"),
        "obscene": _yes(kind, "profanity", "severe"),
        "threat": _yes(kind, "threat"),
        "insult": _yes(kind, "insult", "severe"),
        "identity_hate": _yes(kind, "hate"),
    }


def _shares(kind: str) -> dict[str, str]:
    named = {"insult": "insult", "threat": "threat", "identity": "hate", "obscene": "profanity"}
    return {f"span_{name}": "0.8" if kind == one else "0.1" for name, one in named.items()}


def _jigsaw(writer: Writer) -> Rows:
    for kind in ("plain", "plain", *KINDS):
        for text in writer.in_each_fold(kind, 7, 2, 5):
            yield {"id": "x", "text": text, "source": "robtest", **_six(kind)}


def _civil(writer: Writer) -> Rows:
    for source in ("care", "autolabel", "sociosim", "toxic_spans"):
        for kind in KINDS:
            for text in writer.in_each_fold(kind, 3, 1, 2):
                row = {"text": text, "source": source, "toxic": _yes(kind, *ABUSE)}
                row |= {"insult": _yes(kind, "insult"), "threat": _yes(kind, "threat")}
                row |= {"identity_attack": _yes(kind, "hate"), "obscene": _yes(kind, "profanity")}
                yield row | ({"span_share": "0"} if kind == "severe" else {})


def _marked(writer: Writer) -> Rows:
    """Toxic posts whose first sentence is marked; for each, shares of raters in the other file."""
    for kind in ABUSE:
        for text in writer.in_each_fold(kind, 4, 1, 3):
            marked = f"{text} {writer.comment('plain')}"
            yield {"text": marked, "spans": str(list(range(12))), "part": "train", **_shares(kind)}


def _labelled(
    writer: Writer, column: str, kinds: Sequence[str], sizes: tuple[int, int, int] = (8, 2, 6)
) -> Rows:
    """Plain comments with 0 in a column, and some of other kinds with 1."""
    for kind in ("plain", *kinds):
        for text in writer.in_each_fold(kind, *sizes):
            label = _yes(kind, *kinds)
            also = dict.fromkeys(("hate", "offensive", "perspective_toxicity"), label)
            yield {"text": text, "test": "0", **also, column: label}


def _site(writer: Writer, site: str, kinds: Sequence[str] = ("plain", "spam")) -> Rows:
    """Comments of a blog from 2016 to 2026, each a campaign of its own."""
    for kind in kinds:
        spam = kind == "spam"
        for number, text in enumerate(writer.in_each_fold(kind, 6, 3, 2)):
            yield {
                "text": text,
                "label": _yes(kind, "spam"),
                "author": f"Cheap Loans {number}" if spam else "Maria Keller",
                "url": f"https://fast-cash{number}.example.top/" if spam else "",
                "date": f"{2016 + number}-06-0{1 + number % 9}T10:00:00Z",
                "site": site,
                "owner": "1" if number == 10 and not spam else "0",
                "title": "Hello",
                "subject": "News",
                "video": VIDEOS[number % len(VIDEOS)],
            }


def _toxicity_files(writer: Writer) -> Iterator[tuple[str, Rows]]:
    yield "jigsaw_wikipedia", _jigsaw(writer)
    yield "jigsaw_more", _jigsaw(writer)
    yield "civil_comments", _civil(writer)
    spans = list(_marked(writer))
    yield "civil_toxic_spans", spans
    yield "civil_span_types", spans
    yield "civil_toxicbias", _labelled(writer, "identity_attack", ["hate"])
    yield "impermium_insults", _labelled(writer, "insult", ["insult"])
    yield "fox_news_hate", _labelled(writer, "hate", ["hate"])
    yield "edos_sexism", _labelled(writer, "sexist", ["hate"])
    yield "stormfront_forum", _labelled(writer, "hate", ["hate"])
    yield "davidson_tweets", _labelled(writer, "hate", ["hate", "insult"], (20, 6, 6))
    yield "cat_wikipedia", _labelled(writer, "toxic", ABUSE)
    yield "unhealthy_news", _labelled(writer, "hostile", ["insult"])
    plain = [{"text": writer.comment("plain"), "label": "0", "toxicity": "1.0"} for _ in range(30)]
    yield "news_globe_and_mail", plain
    yield "identity_madlibs", _labelled(writer, "toxic", ["hate"], (90, 40, 40))
    for name in ("olid_tweets", "germeval2018_test", "germeval2018_training", "korean_beep"):
        yield name, _labelled(writer, "offensive", ["insult"])
    for name in ("offcombr_g1", "ro_offense_sport"):
        yield name, _labelled(writer, "offensive", ["insult"])
    yield "germeval2021_facebook", _labelled(writer, "toxic", ["insult"])
    yield "korean_kmhas", _labelled(writer, "hate", ["hate"])


def _spam_files(writer: Writer) -> Iterator[tuple[str, Rows]]:
    for site in MIXED_BLOGS:
        yield f"blog_{site}", _site(writer, site)
    for site in ("haacked", "jdieter", "ploeh", "stanko"):
        yield f"blog_ham_{site}", _site(writer, site, ["plain"])
    both = ("haacked.com", "jdieter.net")
    yield "blog_spam", [row for site in both for row in _site(writer, site, ["spam"])]
    unclear = _site(writer, "haacked.com", ["plain", "spam"])
    yield "blog_unclear", [{**row, "label": ""} for row in unclear]
    yield "form_popcorn", _site(writer, "popcorn", ["spam"])
    for name in ("youtube_uci", "youtube_indonesian", "youtube_unlabelled", "telegram", "sms_uci"):
        yield name, _site(writer, name)
    for name in ("stackexchange_titles", "email_enron", "email_spamassassin", "x_ai_replies"):
        yield name, _site(writer, name)
    for name in ("smokedetector_cases", "instagram_scamspot", "x_janitr"):
        yield name, _site(writer, name)


def _write_gzip(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))


def _write_csv(folder: Path, name: str, rows: Rows) -> None:
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS[name].split(","), restval="", extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    _write_gzip(folder / f"{name}.csv.gz", out.getvalue())


def write_data_folder(folder: Path) -> Path:
    """Write all files, the same bytes each time, and return the folder."""
    writer = Writer()
    for name, rows in _toxicity_files(writer):
        _write_csv(folder, f"toxicity/{name}", rows)
    for name, rows in _spam_files(writer):
        _write_csv(folder, f"spam/{name}", rows)
    for name, lines in LISTS.items():
        _write_gzip(folder / "spam" / "lists" / f"{name}.txt.gz", "\n".join(lines) + "\n")
    return folder
