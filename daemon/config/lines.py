"""In which line of a TOML text each key stands.

The standard parser tells lines for broken syntax only, so the text is walked once more here, without reading values.
A wrong line is worse than none: where the walk and the parser do not see the very same keys, no line is told at all.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any, Final

from daemon.config.problems import KeyPath

_SPACE: Final = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'")
_DOT: Final = re.compile(r"[ \t]*\.[ \t]*")
_BLANK: Final = re.compile(r"[ \t]*")
# Up to two quotes more may stand before the three that close a long text (TOML 1.0, "String").
_LONG: Final = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""(?:"{0,2})' + "|'''(?:[^']|'(?!''))*'''(?:'{0,2})", re.DOTALL)
_PLAIN: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*|[^\s,\]}#]+")


def find_lines(text: str, tree: Mapping[str, Any]) -> Mapping[KeyPath, int]:
    """Return the line, from 1, of every key and list item of `tree`, which the TOML `text` was parsed to.

    A section has the line of its header, a list of sections that of the first. Empty if anything is unsure.
    """
    walk = _Walk(text)
    try:
        walk.whole()
    except (_Lost, RecursionError):
        return {}
    lines = walk.implied | walk.lines
    return lines if lines.keys() == set(_paths(tree, ())) else {}


def find_repeated(text: str) -> tuple[KeyPath, int, int] | None:
    """Return the first key or section that stands twice in `text`, and both lines; None if none is found for sure."""
    walk = _Walk(text)
    try:
        walk.whole()
    except (_Lost, RecursionError):
        return walk.repeated
    return None


def line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """Return the line of `path`; that of what should hold it if it is missing itself; None if unsure."""
    return lines.get(path) or lines.get(path[:-1])


def _paths(value: object, path: KeyPath) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, Mapping):
        for key, held in value.items():
            yield from _paths(held, (*path, key))
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from _paths(held, (*path, number))


class _Lost(Exception):
    """The text is not what was expected."""


class _Walk:
    """One pass over a text. `implied` are tables that only a longer name mentions, like ``a`` in ``[a.b]``."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0] + [match.end() for match in re.finditer("\n", text)]
        self._counts: dict[KeyPath, int] = {}  # how many [[headers]] of this name so far
        self.lines: dict[KeyPath, int] = {}
        self.implied: dict[KeyPath, int] = {}
        self.repeated: tuple[KeyPath, int, int] | None = None

    def whole(self) -> None:
        section: KeyPath = ()
        while self._look():
            line = self._line()
            if self._take("[["):
                section = self._header(line, several=True)
                self._need("]]")
            elif self._take("["):
                section = self._header(line, several=False)
                self._need("]")
            else:
                self._pair(section)

    def _header(self, line: int, *, several: bool) -> KeyPath:
        *holders, last = self._name()
        path: KeyPath = ()
        for key in holders:
            path = (*path, key)
            self.implied.setdefault(path, line)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        path = (*path, last)
        if several:
            number = self._counts.get(path, 0)
            self._counts[path] = number + 1
            if not number:
                self._mark(path, line)
            path = (*path, number)
        self._mark(path, line)
        return path

    def _pair(self, section: KeyPath) -> None:
        line = self._line()
        *holders, last = self._name()
        for key in holders:
            section = (*section, key)
            self.implied.setdefault(section, line)
        self._mark((*section, last), line)
        self._need("=")
        self._match(_BLANK)
        self._value((*section, last))

    def _value(self, path: KeyPath) -> None:
        if self._take("["):
            self._list(path)
        elif self._take("{"):
            while self._look() and not self._take("}"):
                self._pair(path)
                self._look()
                self._take(",")
        elif self._text.startswith(('"""', "'''"), self._at):
            self._match(_LONG)
        elif self._text.startswith(('"', "'"), self._at):
            self._match(_QUOTED)
        else:
            self._match(_PLAIN)

    def _list(self, path: KeyPath) -> None:
        number = 0
        while self._look() and not self._take("]"):
            self._mark((*path, number), self._line())
            self._value((*path, number))
            self._look()
            self._take(",")
            number += 1

    def _name(self) -> list[str]:
        """Read a name, dotted perhaps."""
        keys = []
        self._match(_BLANK)
        while True:
            if self._text.startswith(('"', "'"), self._at):
                keys.append(_decoded(self._match(_QUOTED)))
            else:
                keys.append(self._match(_BARE))
            dot = _DOT.match(self._text, self._at)
            if dot is None:
                return keys
            self._at = dot.end()

    def _mark(self, path: KeyPath, line: int) -> None:
        if path in self.lines:
            self.repeated = (path, self.lines[path], line)
            raise _Lost
        self.lines[path] = line

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)

    def _look(self) -> bool:
        """Skip space and comments; False at the end of the text."""
        self._match(_SPACE)
        return self._at < len(self._text)

    def _take(self, sign: str) -> bool:
        if self._text.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _need(self, sign: str) -> None:
        self._match(_BLANK)
        if not self._take(sign):
            raise _Lost

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise _Lost
        self._at = match.end()
        return match[0]


def _decoded(quoted: str) -> str:
    try:
        return next(iter(tomllib.loads(f"{quoted} = 0")))
    except tomllib.TOMLDecodeError:
        raise _Lost from None
