"""The command `auld`. Thin: each command parses, calls the rooms, prints, and ends with a code of interface meaning."""

from daemon.cli.app import main

__all__ = ["main"]
