"""The log: a plain line for each thing that happened, for people. The journal gets its priorities (sd-daemon(3))."""

import logging
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Final, TextIO

_PRIORITIES: Final = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (0, 7))


class _Journal(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        priority = next(number for level, number in _PRIORITIES if record.levelno >= level)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())


class _Dated(logging.Formatter):
    """For a terminal or a file, which know no time of their own."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        return f"{at:%Y-%m-%d %H:%M:%S}  {super().format(record)}"


def open_diary(stream: TextIO, environ: Mapping[str, str], *, verbose: bool) -> None:
    """Let what the service logs go to `stream`, from INFO on (`verbose`: all of auld's own words)."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Journal() if _is_journal(stream, environ) else _Dated())
    service = logging.getLogger("daemon.service")
    service.handlers = [handler]
    service.propagate = False
    logging.raiseExceptions = False  # a log that cannot be written, on a full disk, is no reason to end
    service.setLevel(logging.DEBUG if verbose else logging.INFO)


def _is_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Say whether `stream` goes to the journal, which $JOURNAL_STREAM names by its device and inode."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"
