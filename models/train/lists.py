"""Host lists for the product: only those under MIT, CC0 or in the public domain."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.links import host_key
from models.train.rows import lines_of

FILES = {
    "shortener": ("url_shorteners_pypi", "splorp_ref_shorteners"),
    "disposable": ("disposable_email_domains",),
    "listed": (
        "matomo_referrer_spam",
        "yt_SpamDomainsList",
        "gambling_hosts_sinfonietta",
        "drugs_blocklistproject",
        "scam_blocklistproject",
    ),
}


def host_arrays(data_folder: Path) -> dict[str, npt.NDArray[np.uint64]]:
    """Return the sorted keys of the hosts of each list."""
    return {name: _keys(data_folder / "spam" / "lists", files) for name, files in FILES.items()}


def _keys(folder: Path, files: tuple[str, ...]) -> npt.NDArray[np.uint64]:
    hosts: set[str] = set()
    for file in files:
        lines = lines_of(folder / f"{file}.txt.gz")
        hosts |= {line.strip().lower().removeprefix("www.") for line in lines}
    hosts = {host for host in hosts if "." in host and " " not in host}
    return np.array(sorted(host_key(host) for host in hosts), dtype=np.uint64)
