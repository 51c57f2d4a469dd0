"""The command `auld`. Thin: each command parses, calls the rooms, prints, and ends with a code of interface meaning."""

import atexit
import gc
import os
import sys

__all__ = ["main"]

_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; ends the process with a code of interface meaning, never with a traceback."""
    os.umask(0o077)  # what a command makes is the user's alone, unless it says otherwise
    # Facts are many, live to the end and form no rings: walking them at Python's usual pace is a third of `auld due`,
    # and walking them once more at the end, just before the system takes all memory back, a sixth of `auld status`.
    gc.set_threshold(100_000, 20, 100)
    atexit.register(gc.freeze)
    try:
        from daemon.cli.app import main as run  # noqa: PLC0415 -- loading takes 100 ms, time enough for a Ctrl-C
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    run(arguments)
