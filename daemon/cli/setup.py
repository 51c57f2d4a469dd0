"""Setting up: init and config."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from daemon.cli.options import DONE, UsageError
from daemon.cli.output import plain, print_json, say
from daemon.cli.session import Session
from daemon.config import Answers, guess_answers, load, new_config, schema, show


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
    """Write a config file, asking a few questions on a terminal. Never overwrites."""
    path = session.config_path
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path} exists already and is left as it is; edit it, or name another with --config")
    answers = guess_answers(os.environ, Path.home())
    if not yes and sys.stdin.isatty():
        answers = _ask(answers)
    text = new_config(answers)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    say(f"Written: {path}")
    load(path)  # an answer that cannot be is told with its line; the other answers stay
    missing = [] if answers.emails else ["[me] emails"]
    missing += [] if answers.emails and (answers.sent or answers.received or answers.mail) else ["[[accounts]]"]
    if missing:
        say(f"Now open it and fill in {' and '.join(missing)}; comments there show how. Then: auld check")
    else:
        say("Look it through. Then, one after the other: auld check, auld sync, auld review, auld due, auld draft")
    return DONE


def _ask(guess: Answers) -> Answers:
    """Ask what cannot be guessed; Enter takes the guess."""
    say("A few questions; Enter takes what stands in brackets.")
    name = _line("Your name, as it signs the drafts", guess.name)
    emails = _list("Your e-mail addresses, with commas between", guess.emails)
    goal = _number("Drafts a month, at most", guess.goal)
    sent = _list("Sent mail on this disk (Maildir or mbox), with commas between", guess.sent)
    received = _list("Received mail on this disk", guess.received)
    calendar = _list("Calendar files (.ics)", guess.calendar)
    drafts = _line("Drafts folder (a Maildir)", guess.drafts)
    return replace(
        guess, name=name, emails=emails, goal=goal, sent=sent, received=received, calendar=calendar, drafts=drafts
    )


def _line(question: str, guess: str) -> str:
    print(f"{question} [{plain(guess)}]: ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip()
    return answer or guess


def _list(question: str, guess: tuple[str, ...]) -> tuple[str, ...]:
    answer = _line(question, ", ".join(guess))
    return tuple(part.strip() for part in answer.split(",") if part.strip())


def _number(question: str, guess: int) -> int:
    while True:
        answer = _line(question, str(guess))
        if answer.isdigit():
            return int(answer)
        say(f'"{plain(answer)}" is no number.')
