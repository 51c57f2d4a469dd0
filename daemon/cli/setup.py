"""Setting up: init and config."""

import os
import sys
from pathlib import Path

from daemon.cli.beginning import begin
from daemon.cli.options import DONE, KEPT, EndedError, UsageError
from daemon.cli.output import plain, print_json, say
from daemon.cli.places import ask_more
from daemon.cli.prompts import NoAnswerError
from daemon.cli.questions import ask_all
from daemon.cli.session import Session
from daemon.config import guess_answers, new_config, schema, show


def config(session: Session, what: str) -> int:
    """Print the schema or the config as understood."""
    if what == "schema":
        print_json(schema())
    elif what == "show":
        print_json(show(session.settings))
    else:
        raise UsageError(f'auld config schema, or auld config show; not "{plain(what)}"')
    return DONE


def init(session: Session, *, yes: bool) -> int:
    """Write a config file, asking a few questions on a terminal, and go on with the first steps. Never overwrites."""
    path = session.config_path
    asking = not yes and sys.stdin.isatty()
    try:
        if path.exists() or path.is_symlink():
            if not asking:
                raise UsageError(f"{path} exists already and is left as it is; edit it, or name another with --config")
            say(f"{path} exists already; what stands there stays.")
            if more := ask_more(session, guess_answers(os.environ, Path.home())):
                add_to(path, more)
                say(f"\nWritten at its end:\n{more.rstrip()}")
            return begin(Session(session.options))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # before anything is asked
        answers = guess_answers(os.environ, Path.home())
        if asking:
            answers = ask_all(session, answers)
        _write_new(path, new_config(answers))
        say(f"\nWritten: {path}" if asking else f"Written: {path}")
        settings = session.settings  # an answer that cannot be is told with its line; the other answers stay
        missing = [] if answers.emails else ["[me] emails"]
        missing += [] if settings.accounts else ["[[accounts]]"]
        if missing:
            say(f"Now open it and fill in {' and '.join(missing)}; comments there show how. Then: auld check")
        elif asking:
            return begin(session)
        else:
            say("Look it through. Then, one after the other: auld check, auld sync, auld review, auld due, auld draft")
    except (NoAnswerError, KeyboardInterrupt) as err:
        raise EndedError(f"stopped. {KEPT if path.exists() else 'Nothing was written.'}") from err
    return DONE


def add_to(path: Path, text: str) -> None:
    """Write `text` at the end of a file: whole, or not at all.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    with path.open("r+b", buffering=0) as file:
        end = file.seek(0, os.SEEK_END)
        left = memoryview(text.encode())
        try:
            while left:
                left = left[file.write(left) :]
        except OSError:
            file.truncate(end)
            raise


def _write_new(path: Path, text: str) -> None:
    """Write a file that only the user can read, where none is; whole or not at all."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        path.unlink()
        raise
