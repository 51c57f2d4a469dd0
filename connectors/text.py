"""Text that strangers wrote, made fit to be shown on one line.

Decides which characters may stay. Must not judge what a text means.
"""

import re
import unicodedata
from typing import Final

# Not seen, or seen elsewhere than they stand: controls (white space aside, which collapses), soft hyphen, fillers,
# zero-width and bidirectional marks, variation selectors, tags, lone surrogates.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)


def clean(text: str, limit: int = 300) -> str:
    """Return `text` in NFC on one line, without characters that are not seen, at most `limit` characters long.

    White space collapses to single blanks. Cleaning twice changes nothing more.
    """
    text = text[: 8 * limit]  # bounds the work on a line of megabytes
    if not text.isascii():
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    elif not text.isprintable():
        text = _UNSEEN.sub("", text)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit].rstrip()
