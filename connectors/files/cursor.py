"""Where a read stands, as the opaque text the daemon keeps: what was read of each mail folder.

A Maildir that is through is the set of its messages, as hashes of base names. Under way it is a stretch of the names
in descending order with a checksum, so that a long first read writes no growing sets. An mbox is a size, a hash of what
lies before it, and where to go on.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from connectors.errors import CursorExpired
from connectors.packing import pack_hashes, unpack_hashes

_VERSION: Final = "folders, 1"


@dataclass(frozen=True, slots=True)
class Seen:
    """A Maildir that is through: `hashes` of all messages that were read, sorted, packed (8 bytes each)."""

    packed: str

    @classmethod
    def of(cls, hashes: Iterable[int]) -> "Seen":
        """Pack a set of hashes."""
        return cls(pack_hashes(hashes))

    def hashes(self) -> frozenset[int]:
        """Return the set."""
        return frozenset(unpack_hashes(self.packed))


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A Maildir being read: all messages whose base names lie in [`bottom`, `top`] are.

    They were `count`, and `digest` is the exclusive-or of their hashes: if both still fit, the stretch need not be read
    again. `missed` packs the hashes of those among them that could not be read.
    """

    top: str
    bottom: str
    count: int
    digest: int
    missed: str = ""

    def missed_hashes(self) -> frozenset[int]:
        """Return the hashes of those that could not be read."""
        return frozenset(unpack_hashes(self.missed))


@dataclass(frozen=True, slots=True)
class Box:
    """An mbox: all messages that begin before `at` are read; `tail` hashes the bytes before `size`."""

    size: int
    tail: str
    at: int


State: TypeAlias = Seen | UnderWay | Box


def write_cursor(states: Mapping[str, State]) -> str:
    """Return the states of all folders as text; equal states give equal text."""
    folders = {name: _encode(state) for name, state in sorted(states.items())}
    return json.dumps({_VERSION: folders}, separators=(",", ":"))


def read_cursor(cursor: str | None) -> dict[str, State]:
    """Return the states by folder.

    Raises:
        CursorExpired: the text is not one that this version wrote.
    """
    if cursor is None:
        return {}
    try:
        told = json.loads(cursor)
        states = {name: _decode(fields) for name, fields in told[_VERSION].items()}
        for state in states.values():
            _check(state)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as err:
        raise CursorExpired("What was read of the mail folders is not known any more; they are read anew.") from err
    return states


def _encode(state: State) -> list[Any]:
    if isinstance(state, Seen):
        return ["seen", state.packed]
    if isinstance(state, Box):
        return ["box", state.size, state.tail, state.at]
    return ["under way", state.top, state.bottom, state.count, state.digest, state.missed]


_SHAPES: Final[Mapping[str, tuple[type[State], list[type]]]] = {
    "seen": (Seen, [str]),
    "box": (Box, [int, str, int]),
    "under way": (UnderWay, [str, str, int, int, str]),
}


def _decode(fields: list[Any]) -> State:
    make, shape = _SHAPES[fields[0]]
    if [type(field) for field in fields[1:]] != shape:
        raise ValueError("a field is not what it should be")
    return make(*fields[1:])


def _check(state: State) -> None:
    """Raise ValueError or TypeError for a state with wrong insides."""
    if isinstance(state, Seen):
        unpack_hashes(state.packed)
    elif isinstance(state, UnderWay):
        unpack_hashes(state.missed)
        if not state.bottom <= state.top or state.count < 0 or state.digest < 0:
            raise ValueError("a damaged stretch")
    elif not 0 <= state.at <= state.size:
        raise ValueError("a damaged box")
