"""What is wrong with a file that is no TOML, in plain words."""

import re
from typing import Final

from daemon.config.lines import find_repeated
from daemon.config.problems import Problem, clean

_PLACED: Final = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)
# What the standard parser says begins with … and means:
_MEANING: Final = {
    "Invalid value": 'what follows "=" cannot be read; text stands in quotes, and true and false are written small',
    "Unclosed array": 'a list is not closed, or lacks a comma; write it like ["…", "…"]',
    "Unclosed inline table": 'a table is not closed, or lacks a comma; write it on one line, like { text = "…" }',
    "Expected newline": "more stands here than one value; text stands in quotes, and each key on a line of its own",
    "Expected '='": 'a key is followed by "=" and a value; a comment begins with "#"',
    "Expected ']'": "a section's name is not closed; write it like [me]",
    "Expected ']]'": "a section's name is not closed; write it like [[people]]",
    "Illegal character '\\n'": "a text is not closed; it ends with the quote it began with, on the same line",
    "Illegal character": "holds a character that TOML does not allow; take it out",
    "Found invalid character": "holds a character that TOML does not allow; take it out",
    "Unterminated string": "a text is not closed; it ends with the quotes it began with",
    'Expected "\'"': "a text is not closed; it ends with the quote it began with, on the same line",
    'Expected \'"""\'': "a text is not closed; it ends with the quotes it began with",
    "Expected \"'''\"": "a text is not closed; it ends with the quotes it began with",
    "Unescaped '\\'": 'a "\\" has a meaning of its own in "…"; write it twice, or the text in single quotes',
    "Invalid hex": 'a "\\" has a meaning of its own in "…"; write it twice, or the text in single quotes',
    "Escaped character": 'a "\\" has a meaning of its own in "…"; write it twice, or the text in single quotes',
    "Invalid statement": "this is neither a key, a [section] nor a # comment",
    "Invalid initial character": "this is no key; a key is made of letters, digits, - and _, or stands in quotes",
    "Invalid date": "there is no such day or time",
}
_TWICE: Final = ("Cannot", "Duplicate")


def broken(error: ValueError | RecursionError, name: str, text: str) -> Problem:
    """Return the one problem that the parser stopped at (it cannot see beyond)."""
    if isinstance(error, RecursionError):
        return Problem(clean(name), "holds lists within lists beyond all measure")
    match = _PLACED.fullmatch(str(error))
    if match is None:  # a number of thousands of digits, for one
        return Problem(clean(name), f"cannot be read: {clean(str(error)).partition(';')[0]}")
    said, line = match[1], int(match[2] or 0)
    if said.startswith(_TWICE):
        return _twice(name, line, text)
    fitting = [start for start in _MEANING if said.startswith(start)]
    meaning = _MEANING[max(fitting, key=len)] if fitting else f"is no TOML: {clean(said)}"
    return Problem(_where(name, line), meaning)


def _twice(name: str, line: int, text: str) -> Problem:
    repeated = find_repeated(text)
    # The parser stops at the end of a value; the key that repeats may stand lines before it, never after.
    if repeated is None or not repeated[2] <= (line or repeated[2]):
        return Problem(_where(name, line), "this key or section is there already; keep one")
    path, first, second = repeated
    key = clean(".".join(step for step in path if isinstance(step, str)), 100)
    return Problem(_where(name, second), f'"{key}" is there already, in line {first}; keep one')


def _where(name: str, line: int) -> str:
    return clean(f"{name}:{line}" if line else name)
