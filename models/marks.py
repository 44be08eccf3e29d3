"""Marks on letters, and characters that nobody sees."""

import re
import unicodedata

HIDDEN_SIGNS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
"""As within the brackets of a pattern."""
HIDDEN = re.compile(f"[{HIDDEN_SIGNS}]")
"""A character that readers do not see, or only as a gap."""
STACK_MARKS_MIN = 5
"""So many combining marks on one sign, of whatever script, are a stack; hardly any text in any
language has it."""
_MAYBE_STACK = re.compile(rf"[^\x00-\x7f]{{{STACK_MARKS_MIN},}}")


def has_stack(text: str) -> bool:
    """Tell whether one sign bears STACK_MARKS_MIN marks; what is hidden between them is none."""
    if text.isascii():
        return False
    stack = "m" * STACK_MARKS_MIN
    runs = (HIDDEN.sub("", run) for run in _MAYBE_STACK.findall(text))
    return any(stack in "".join("m" if _is_mark(char) else " " for char in run) for run in runs)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me")
