"""The global options, which may stand before or after the command, and the exit codes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

DONE: Final = 0
NEEDS_USER: Final = 1
USAGE: Final = 2
UNAVAILABLE: Final = 69
STATE: Final = 74
BUSY: Final = 75
NEEDS_LOGIN: Final = 77
CONFIG: Final = 78
INTERRUPTED: Final = 130
KEPT: Final = "What was done so far is kept."

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 9000
"""Beyond these, no moment is taken: there must be room to reckon with it, in any time zone."""

_VALUED: Final = {"--config", "--state", "--now"}
_FLAGS: Final = {"-v", "--verbose", "--version"}


class EndedError(Exception):
    """The user put an end to it; the message says what that left."""

    exit_code: Final = INTERRUPTED


class UsageError(Exception):
    """The command line cannot be meant so; the message says how it could."""

    exit_code = USAGE


@dataclass(frozen=True, slots=True)
class Options:
    """What was given on the command line; None where it was not. `now` is aware UTC."""

    config: str | None = None
    state: str | None = None
    now: datetime | None = None
    verbose: bool = False
    version: bool = False


def read_number(text: str, where: str) -> int:
    """Read the number of something that was told; `where` is the command that lists them.

    Raises:
        UsageError: it is no number.
    """
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f'"{text}" is no number; {where} shows the numbers')
    return int(text)


def hoist(arguments: list[str]) -> tuple[Options, list[str]]:
    """Take the global options out of `arguments`, wherever they stand before a ``--``; return them and the rest.

    Raises:
        UsageError: an option lacks its value, or --now is no ISO 8601 time.
    """
    found: dict[str, str] = {}
    flags: set[str] = set()
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            rest += [word, *waiting]
            break
        if name in _VALUED:
            if not equals:
                if not waiting:
                    raise UsageError(f"{name} needs a value, like {_example(name)}")
                value = waiting.pop(0)
            found[name] = value
        elif word in _FLAGS:
            flags.add(word)
        else:
            rest.append(word)
    now = parse_moment(found["--now"]) if "--now" in found else None
    verbose = bool(flags & {"-v", "--verbose"})
    return Options(found.get("--config"), found.get("--state"), now, verbose, "--version" in flags), rest


def _example(name: str) -> str:
    return {"--config": "--config ~/auld.toml", "--state": "--state ~/auld-state", "--now": "--now 2026-11-23T10:00"}[
        name
    ]


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 time; without a zone it is local to this machine. Returns aware UTC.

    Raises:
        UsageError: `text` is no such time.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        utc = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f'--now: "{text}" is no ISO 8601 time; write it like 2026-11-23T10:00:00+01:00') from None
    if not FIRST_YEAR <= utc.year <= LAST_YEAR:
        raise UsageError(f'--now: "{text}" is out of reach; name a year from {FIRST_YEAR} to {LAST_YEAR}')
    return utc
