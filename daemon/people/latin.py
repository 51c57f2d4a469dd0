"""Names of every script in Latin letters, as their bearers mostly write them.

anyascii goes letter by letter. Where a script writes one sound with two letters, or where passports spell an ending
otherwise than letter by letter, that is told here first.
"""

import re
import unicodedata
from typing import Final

from anyascii import anyascii

_GREEK: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_ACCENT: Final = "[\u0300-\u036f]?"
# ELOT 743, which passports follow: omicron ypsilon is ou; alpha, epsilon, ita with ypsilon are av, ev, iv, and before
# voiceless consonants and at the end af, ef, if.
_OU: Final = re.compile(f"([οΟ]){_ACCENT}[υΥ]{_ACCENT}")  # noqa: RUF001
_AV: Final = re.compile(f"([αεηΑΕΗ]){_ACCENT}[υΥ]\u0301?(?!\u0308)(?=(?P<soft>[θκξπσςτφχψΘΚΞΠΣΤΦΧΨ]|\\b)?)")  # noqa: RUF001
_VOWELS: Final = {"α": "a", "ε": "e", "η": "i"}  # noqa: RUF001
_SPELLED_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa"}
)
_ENDINGS: Final = ((re.compile(r"[иы]й\b", re.IGNORECASE), "y"), (re.compile(r"ия\b", re.IGNORECASE), "ia"))


def latin(text: str) -> str:
    """Return `text` in ASCII letters."""
    if text.isascii():
        return text
    return anyascii(_greek(text) if _GREEK.search(text) else text)


def other_spelling(text: str) -> str:
    """Return how else a name is written in Latin letters: umlauts spelled out, Дмитрий as Dmitry; or it as it is."""
    spelled = unicodedata.normalize("NFC", text).translate(_SPELLED_OUT)
    if _CYRILLIC.search(spelled):
        for ending, letters in _ENDINGS:
            spelled = ending.sub(letters, spelled)
    return spelled


def _greek(text: str) -> str:
    text = _OU.sub(lambda match: "Ou" if match[1] == "Ο" else "ou", unicodedata.normalize("NFD", text))  # noqa: RUF001
    text = _AV.sub(
        lambda match: _VOWELS[match[1].lower()] + ("f" if match["soft"] is not None else "v"),
        text,
    )
    return unicodedata.normalize("NFC", text)
