"""How many places a text links to."""

import re

_LINK = re.compile(r"""(?:https?://|\bwww\.)[^\s<>"'\])]+""", re.IGNORECASE)


def count_links(text: str) -> int:
    """Distinct link targets in plain text, HTML, Markdown or BBCode."""
    return len({found.rstrip(".,;:!?/").casefold() for found in _LINK.findall(text)})
