"""Auld on a (pseudo-)terminal, with somebody who types."""

import os
import pty
import subprocess
import sys
from pathlib import Path
from select import select
from typing import Final

_PROGRAM = [sys.executable, "-c", "from daemon.cli import main; main()"]
_PATIENCE: Final = 30.0  # seconds without a word


def typed(*words: str, answers: str = "", **more: str) -> tuple[int, str]:
    """Run auld on a terminal of its own, typing `answers`; return its exit code and all that was shown."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm-256color", **more}
    env |= {"COLUMNS": "80", "LANG": "C.UTF-8"}
    ours, theirs = pty.openpty()
    with subprocess.Popen([*_PROGRAM, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        os.write(ours, answers.encode())
        shown = b""
        while True:
            if not select([ours], [], [], _PATIENCE)[0]:
                process.kill()
                raise AssertionError(f"it waits for more: {shown.decode()}")
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            shown += part
        code = process.wait(timeout=30)
    os.close(ours)
    text = shown.decode()
    assert "Traceback" not in text, text
    return code, text.replace("\r\n", "\n")
