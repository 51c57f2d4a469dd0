"""Everything that is printed: results to stdout, words for people to stderr, JSON alone when asked for.

Text from mail and calendar is hostile: it reaches a terminal only through `plain`.
"""

import json
import os
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from rich.console import Console

_PROSE: Final = 88  # columns in which prose reads well
_GAP: Final = 2  # between two columns of a table
_MANY: Final = 1_000  # rows: more are searched, not read
_NARROW: Final = 10  # a column that wraps is never narrower
_CELL: Final = 200  # characters of a cell of a table,
_WHOLE: Final = 4_000  # and of one that is not cut
_HARMFUL: Final = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_BEGINNING: Final = re.compile(r" *(?P<date>\d{1,2} \w{3} \d{4}  )?")  # of a line in a list
_DATE: Final = len("30 Nov 2026")
_BEYOND_ASCII: Final = re.compile("[\x7f-\U0010ffff]")


def plain(text: str | None, limit: int = 200) -> str:
    """Return `text` safe for a terminal: no control, formatting or bidi characters, one line, at most `limit` long."""
    kept = "".join(" " if unicodedata.category(char) in _HARMFUL else char for char in (text or "")[: 4 * limit])
    kept = " ".join(kept.split())
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def fold(text: str, indent: str = "", *, stderr: bool = False) -> str:
    """Return a line of prose broken between words to fit the terminal; elsewhere it stays one line.

    `indent` begins the second line and those after it.
    """
    if not text or not (sys.stderr if stderr else sys.stdout).isatty():
        return text
    width = max(min(shutil.get_terminal_size().columns, _PROSE), len(indent) + _NARROW)
    return textwrap.fill(text, width, subsequent_indent=indent, break_on_hyphens=False)


def hanging(line: str) -> str:
    """Return what begins the lines into which `line` is broken: what stands beside a date, else two columns more."""
    found = _BEGINNING.match(line)
    assert found is not None  # it matches nothing, too
    width = len(found[0])
    return " " * (width if found["date"] or width > _DATE else width and width + _GAP)


def say(text: str) -> None:
    """Tell the user something that is not the result. Lines stay; what could do harm on a terminal goes.

    Whether it can be told makes no difference to what is done: a closed or full stderr is no failure.
    """
    safe = "".join(" " if char != "\n" and unicodedata.category(char) in _HARMFUL else char for char in text)
    with suppress(OSError):
        print(safe, file=sys.stderr)


def console(*, stderr: bool = False) -> "Console":
    """Return a console for tables and progress; no colour when not a terminal or when NO_COLOR is set."""
    from rich.console import Console  # noqa: PLC0415 -- costs 40 ms, only tables need it

    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    wished = os.environ.get("COLUMNS", "")
    width = None if terminal else int(wished) if re.fullmatch("[0-9]{2,4}", wished) else 120
    plainly: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False, "soft_wrap": False}
    return Console(stderr=stderr, width=width, force_terminal=terminal, **plainly)  # $FORCE_COLOR has no say


def print_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    wide: Mapping[int, int] | None = None,
    spare: Sequence[int] = (),
    uncut: Collection[int] = (),
) -> None:
    """Print a table that fits the terminal; nothing if there are no rows. Cells are made plain here.

    Columns that are empty in every row are left out. Where it is too wide, columns in `wide` wrap, down to a good width
    for each; if that is not enough, those in `spare` are left out, the first of them first. Nothing is cut of those in
    `uncut`, which wrap within words, too. Of more than a thousand rows none wraps.
    """
    from rich import box  # noqa: PLC0415
    from rich.cells import cell_len  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    cells = [[plain(cell, _WHOLE if place in uncut else _CELL) for place, cell in enumerate(row)] for row in rows]
    if not cells:
        return
    screen, wraps = console(), wide or {}
    widths = [max(map(cell_len, column)) for column in zip(headings, *cells, strict=True)]
    filled = [place for place, column in enumerate(zip(*cells, strict=True)) if any(column)]
    shown = _choose_columns(widths, filled, wraps, spare, screen.width)
    whole = sum(widths[index] + _GAP for index in shown) - _GAP
    if whole <= screen.width or len(cells) > _MANY:
        # Nothing wraps, or nobody reads it all: rich would take a second for 3,000 rows.
        screen.print(Text(_line(headings, shown, widths), style="bold"), no_wrap=True, crop=False)
        print("─" * min(whole, screen.width))
        for row in cells:
            print(_line(row, shown, widths))
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for index in shown:
        table.add_column(headings[index], overflow="fold" if index in uncut else "ellipsis", no_wrap=index not in wraps)
    for row in cells:
        table.add_row(*(Text(row[index]) for index in shown))
    screen.print(table)


def _line(row: Sequence[str], shown: Sequence[int], widths: Sequence[int]) -> str:
    """Return a row with its cells under one another."""
    from rich.cells import cell_len  # noqa: PLC0415

    gap = " " * _GAP
    return gap.join(row[index] + " " * (widths[index] - cell_len(row[index])) for index in shown).rstrip()


def _choose_columns(
    widths: Sequence[int], filled: Sequence[int], wraps: Mapping[int, int], spare: Sequence[int], room: int
) -> list[int]:
    """Return the columns of a table that fit: not the spare ones, and on a very narrow terminal not the last ones."""
    shown = list(filled)

    def fits(least: Mapping[int, int]) -> bool:
        return sum(min(widths[one], least.get(one, widths[one])) + _GAP for one in shown) - _GAP <= room

    for index in spare:
        if index in shown and not fits(wraps):
            shown.remove(index)
    while len(shown) > 1 and not fits(dict.fromkeys(wraps, _NARROW)):
        shown.pop()
    return shown


def print_json(document: Any) -> None:  # noqa: ANN401 -- whatever orjson takes
    """Print one JSON document: times in UTC with Z, whole seconds."""
    import orjson  # noqa: PLC0415

    options = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
    try:
        text = orjson.dumps(document, option=options).decode()
    except orjson.JSONEncodeError:  # half a character: a file name that is no UTF-8, in a path we have to name
        text = orjson.dumps(_whole(document), option=options).decode()
    print(_BEYOND_ASCII.sub(_escape, text))


def _whole(value: Any) -> Any:  # noqa: ANN401 -- as above
    """Return a document without halves of characters."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {key: _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list | tuple) else value


def _escape(found: "re.Match[str]") -> str:
    r"""Return a character as it may stand in JSON on a terminal: as ``\u202e`` if it does harm or cannot be printed."""
    char = found[0]
    encoding = sys.stdout.encoding or "utf-8"  # a stream in memory has none, and takes all
    if unicodedata.category(char) not in _HARMFUL and encoding.lower().replace("-", "") == "utf8":
        return char
    return json.dumps(char).strip('"')


def day(moment: datetime | None, zone: ZoneInfo, none: str = "never") -> str:
    """Return the local day of a moment for people, like "2 Mar 2026"."""
    if moment is None:
        return none
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %Y}"


def moment(at: datetime, zone: ZoneInfo | None) -> str:
    """Return the local minute of a moment for people, like "02 Mar 2026 09:30"; without a zone, the system's."""
    return f"{at.astimezone(zone):%d %b %Y %H:%M}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return "1 draft", "3 drafts"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
