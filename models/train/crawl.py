"""Video comments that nobody labelled: what repeats itself there is a campaign."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.document import Document
from models.reader import Reader
from models.train.copies import letters_of
from models.train.design import matrix, read_design
from models.train.rows import records

CRAWL, LABELLED = "youtube_unlabelled", "youtube_uci"
TESTED_VIDEO = "uelHwf8o7_U"
"""The one video of the crawl whose labelled comments measure."""
CAMPAIGN_LETTERS_MIN = 30
"""Letters of a text that one does not write twice by chance."""
EVERY = 3
"""One in so many comments of no campaign is read: all of them rank no better."""


@dataclass(frozen=True, slots=True)
class VideoText:
    """A distinct comment of the crawl, and whether it came more than once."""

    body: str
    campaign: bool


def video_texts(data_folder: Path) -> Iterator[VideoText]:
    """Yield the campaigns of the crawl and a part of its other comments, each text once.

    What measures is left out: the tested video, and texts that labelled comments have, too.
    """
    folder = data_folder / "spam"
    labelled = {letters_of(record["text"]) for record in records(folder, LABELLED)}
    crawl = [one["text"] for one in records(folder, CRAWL) if one["video"] != TESTED_VIDEO]
    same: dict[str, list[str]] = defaultdict(list)
    for text in crawl:
        same[letters_of(text)].append(text)
    for at, (letters, texts) in enumerate(same.items()):
        campaign = len(texts) > 1 and len(letters) >= CAMPAIGN_LETTERS_MIN
        if letters and letters not in labelled and (campaign or at % EVERY == 0):
            yield VideoText(texts[0], campaign)


@dataclass(frozen=True, slots=True)
class Crawl:
    """The features of video texts, shape (texts, columns), and which belong to campaigns."""

    features: sparse.csr_matrix
    campaign: npt.NDArray[np.bool_]


def read_crawl(data_folder: Path, reader: Reader, idf: npt.NDArray[np.uint8]) -> Crawl:
    """Return the features of `video_texts`, as those of spam rows are made."""
    texts = list(video_texts(data_folder))
    design = read_design(reader, [Document(one.body) for one in texts])
    return Crawl(matrix(design, idf, about=True), np.array([one.campaign for one in texts]))
