"""Address fields (From, To, Cc, Reply-To) as plain pairs of address and name.

Decides what in a field is a mailbox. Must not decide whose it is.
"""

import re
from functools import lru_cache
from typing import Final, TypeAlias

from connectors.mime.text import decode_text, restore
from connectors.text import clean

Pair: TypeAlias = tuple[str, str]
"""(address, decoded name or ``""``): what `connectors.types.Address` holds, cheap to send between processes."""

ADDRESSES_SCANNED: Final = 1000
"""How many addresses of one field are looked at."""

_LONGEST_ADDRESS: Final = 320  # RFC 3696, erratum 1690
_SLOW_LIMIT: Final = 8192  # characters of a field read with the standard library, whose cost can grow with the square
_CACHED_LENGTH: Final = 512
_ATOM: Final = r'[^\s<>@"(),:;\\\[\]]+'
# None of these may look at a character more than some hundred times, whatever it stands in: no two neighbouring
# repetitions share a character, and searched ones are bounded.
_USUAL: Final = re.compile(
    rf'\s*(?:(?:"([^"\\]*)"\s*|([^"<>(),:;@\\\[\]]*))<\s*({_ATOM}@{_ATOM})\s*>|({_ATOM}@{_ATOM}))\s*(?:,\s*|$)'
)
_ADDRESS: Final = re.compile(
    r"[^\s<>@,;:()\[\]\\\x00-\x20\x7f-\xa0]{1,128}@[^\s<>@,;:()\[\]\\\"'\x00-\x20\x7f-\xa0]{1,255}"
)
_BRACKETED: Final = re.compile(r"([^<>,;]{0,200})<([^<>\s@]{1,128}@[^<>\s@]{1,255})>")


def parse_addresses(value: str) -> tuple[Pair, ...]:
    """Return the mailboxes of a field value (read as Latin-1, unfolded), in order, groups flattened.

    What is no address is left out; at most `ADDRESSES_SCANNED` are looked at.
    """
    return _remembered(value) if len(value) <= _CACHED_LENGTH else _parse(value)


def clean_address(text: str) -> str:
    """Return an address as it may stand in `Address.email`, ``""`` if it is none."""
    email = text.strip().strip("'")
    if not email.isascii():
        email = clean(restore(email), _LONGEST_ADDRESS + 1)
    if len(email) > _LONGEST_ADDRESS or _ADDRESS.fullmatch(email) is None:
        return ""
    return email


def _parse(value: str) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    at, end = 0, len(value)
    while at < end and len(pairs) < ADDRESSES_SCANNED:
        match = _USUAL.match(value, at)
        if match is None:
            return _parse_slowly(value)
        at = match.end()
        quoted, phrase, email, bare = match.groups()
        _add(pairs, email or bare, quoted or phrase or "")
    return tuple(pairs)


_remembered = lru_cache(maxsize=8192)(_parse)


def _add(pairs: list[Pair], email: str, name: str) -> None:
    email = clean_address(email)
    if email:
        if name:
            name = decode_text(name)
            if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
                name = name[1:-1].strip()
        pairs.append((email, name))


def _parse_slowly(value: str) -> tuple[Pair, ...]:
    """Read comments, groups, routes and quoted pairs with the standard library, else salvage what looks like one."""
    if value.rstrip().endswith(":;") and "@" not in value:
        return ()  # "undisclosed-recipients:;"
    from email import utils  # noqa: PLC0415 -- rare, and slow to import

    # Newer versions refuse a whole field for one odd address unless told to be tolerant.
    tolerant = {"strict": False} if getattr(utils, "supports_strict_parsing", False) else {}
    try:
        found = utils.getaddresses([value[:_SLOW_LIMIT]], **tolerant)
    except (RecursionError, ValueError, IndexError, TypeError, AttributeError):
        found = []
    pairs: list[Pair] = []
    for name, email in found[:ADDRESSES_SCANNED]:
        _add(pairs, email, name)
    if len(value) > _SLOW_LIMIT:
        pairs += _salvage(value[_SLOW_LIMIT:])
    return tuple(pairs[:ADDRESSES_SCANNED]) if pairs else _salvage(value)


def _salvage(value: str) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    for match in _BRACKETED.finditer(value):
        _add(pairs, match[2], match[1].strip(' "'))
        if len(pairs) == ADDRESSES_SCANNED:
            break
    if pairs:
        return tuple(pairs)
    for match in _ADDRESS.finditer(value):
        _add(pairs, match[0], "")
        if len(pairs) == ADDRESSES_SCANNED:
            break
    return tuple(pairs)
