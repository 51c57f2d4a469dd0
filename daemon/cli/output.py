"""Everything that is printed: results to stdout, words for people to stderr, JSON alone when asked for.

Text from mail and calendar is hostile: it reaches a terminal only through `plain`.
"""

import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from rich.console import Console

_HARMFUL: Final = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def plain(text: str | None, limit: int = 200) -> str:
    """Return `text` safe for a terminal: no control, formatting or bidi characters, one line, at most `limit` long."""
    kept = "".join(" " if unicodedata.category(char) in _HARMFUL else char for char in (text or "")[: 4 * limit])
    kept = " ".join(kept.split())
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def say(text: str) -> None:
    """Tell the user something that is not the result."""
    print(text, file=sys.stderr)


def console(*, stderr: bool = False) -> "Console":
    """Return a console for tables and progress; no colour when not a terminal or when NO_COLOR is set."""
    from rich.console import Console  # noqa: PLC0415 -- costs 40 ms, only tables need it

    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    width = None if terminal else int(os.environ.get("COLUMNS", "120"))
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=width, soft_wrap=False)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], wide: Sequence[int] = ()) -> None:
    """Print a table that fits the terminal; columns in `wide` give way first. Cells are made plain here."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for index, heading in enumerate(headings):
        table.add_column(heading, overflow="ellipsis", no_wrap=index not in wide, ratio=2 if index in wide else None)
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console().print(table)


def print_json(document: Any) -> None:  # noqa: ANN401 -- whatever orjson takes
    """Print one JSON document: times in UTC with Z, whole seconds."""
    import orjson  # noqa: PLC0415

    options = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
    sys.stdout.write(orjson.dumps(document, option=options).decode("utf-8", "replace") + "\n")
    sys.stdout.flush()


def day(moment: datetime | None, zone: ZoneInfo, none: str = "never") -> str:
    """Return the local day of a moment for people, like "2 Mar 2026"."""
    if moment is None:
        return none
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %Y}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return "1 draft", "3 drafts"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
