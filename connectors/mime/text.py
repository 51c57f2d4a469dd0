"""Header text: encoded words (RFC 2047) and raw 8-bit bytes.

Decides how foreign text becomes clean Unicode. Must not decide what the text means.
"""

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64, a2b_qp
from functools import lru_cache
from typing import Final

from connectors.text import clean

TEXT_LIMIT: Final = 998
"""Longest name or subject that is told, in characters: RFC 5322's longest line."""

# What senders mean by a label: the superset that their software really writes (WHATWG Encoding, "Names and labels").
_MEANT: Final = {
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gb-2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "ks-c-5601-1987": "cp949",
}

_WORD: Final = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?]*)\?=")


def decode_bytes(raw: bytes) -> str:
    """Return raw 8-bit header bytes as text: UTF-8 if they are, else Windows-1252, else Latin-1."""
    for charset in ("utf-8", "cp1252"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def restore(value: str) -> str:
    """Return a field that was read as Latin-1 as what its bytes mean."""
    return value if value.isascii() else decode_bytes(value.encode("latin-1", "replace"))


@lru_cache(maxsize=4096)
def decode_text(value: str) -> str:
    """Return a field value (read as Latin-1, unfolded) with encoded words decoded, and clean.

    A word whose charset is unknown or whose bytes do not fit it is read as `decode_bytes` does (of ISO-2022-JP
    what fits is kept); a word that is no word stays as it is written.
    """
    value = restore(value[: 16 * TEXT_LIMIT])
    return clean(_decode_words(value) if "=?" in value else value, TEXT_LIMIT)


def _decode_words(value: str) -> str:
    """Join neighbouring words of one charset before decoding: senders split characters across words."""
    out: list[str] = []
    pending, pending_charset, at = b"", "", 0
    for match in _WORD.finditer(value):
        charset, encoding, payload = match[1].partition("*")[0].lower(), match[2], match[3]
        between = value[at : match.start()]
        at = match.end()
        if between.strip() or not (pending or out):
            out += (_decode(pending, pending_charset), between)
            pending = b""
        elif between and not pending:
            out.append(between)
        raw = _payload(encoding, payload)
        if raw is None:
            out += (_decode(pending, pending_charset), match[0])
            pending = b""
            continue
        if charset != pending_charset and pending:
            out.append(_decode(pending, pending_charset))
            pending = b""
        pending, pending_charset = pending + raw, charset
    return "".join((*out, _decode(pending, pending_charset), value[at:]))


def _payload(encoding: str, payload: str) -> bytes | None:
    """Return the bytes of an encoded word's text, None if it is damaged."""
    raw = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return a2b_qp(raw, header=True)
    try:
        return a2b_base64(raw + b"=" * (-len(raw) % 4))
    except BinasciiError:
        return None


def _decode(raw: bytes, charset: str) -> str:
    if not raw:
        return ""
    try:
        return str(raw, _MEANT.get(charset.replace("_", "-"), charset))
    except (LookupError, ValueError):  # an unknown charset, bytes that do not fit, a charset with a NUL in its name
        # Its bytes are ASCII, so as anything else they would be read as the escape sequences they are.
        return raw.decode("iso2022_jp", "replace") if charset == "iso-2022-jp" else decode_bytes(raw)
