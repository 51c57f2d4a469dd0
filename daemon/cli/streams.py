"""The three standard streams at their worst: closed, full, gone, or of a charset that lacks what is to be printed."""

import io
import os
import sys
from contextlib import suppress
from errno import EPIPE
from typing import TextIO

from daemon.cli.options import DONE, NEEDS_USER, STATE
from daemon.cli.output import say


def steady() -> None:
    """Make the streams fit to be used: a closed one is /dev/null, what the charset lacks is printed as ``?``.

    A closed stream also leaves its number free, and the next file opened, the state perhaps, would get what is printed.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 -- open till the end
        elif name == "stdout" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def finish() -> int:
    """Write out what was printed; return the exit code that a failure means, DONE if all of the result is written."""
    code = DONE
    try:
        sys.stdout.flush()
    except OSError as err:
        _drop(sys.stdout)
        code = NEEDS_USER if err.errno == EPIPE else STATE  # EPIPE: `auld people | head -1`, the reader has enough
        if code == STATE:
            say(f"auld: what it had to say could not be written ({err.strerror})")
    try:
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)
    return code


def _drop(stream: TextIO) -> None:
    """Let what is left go nowhere: the interpreter tries to write it once more when it ends, and complains."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
