"""Questions at a terminal, on stderr: a line each, with a guess that Enter takes."""

import sys
from collections.abc import Callable

from daemon.cli.output import plain, say


class NoAnswerError(Exception):
    """The input ended: the user wants no more questions (Ctrl-D)."""


def ask(question: str, guess: str = "", amiss: Callable[[str], str] = lambda _: "") -> str:
    """Return the answer in one line, `guess` for none; ask again as long as `amiss` says what is wrong with it.

    Raises:
        NoAnswerError: the input ended.
    """
    while True:
        shown = f" [{plain(guess, 400)}]" if guess else ""
        print(f"{question}{shown}: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            print(file=sys.stderr)
            raise NoAnswerError
        answer = line.strip() or guess
        reason = amiss(answer)
        if not reason:
            return answer
        say(f"  {plain(reason, 400)}")


def ask_list(question: str, guess: tuple[str, ...], amiss: Callable[[tuple[str, ...]], str]) -> tuple[str, ...]:
    """Return the parts of an answer between commas.

    Raises:
        NoAnswerError: the input ended.
    """
    return _parts(ask(f"{question}, with commas between", ", ".join(guess), lambda answer: amiss(_parts(answer))))


def ask_number(question: str, guess: int, most: int) -> int:
    """Return a whole number from 1 to `most`.

    Raises:
        NoAnswerError: the input ended.
    """

    def amiss(answer: str) -> str:
        if not (answer.isascii() and answer.isdigit()):
            return f'"{answer}" is no number.'
        return "" if 1 <= int(answer) <= most else f"Between 1 and {most}."

    return int(ask(question, str(guess), amiss))


def confirm(question: str) -> bool:
    """Return whether the user agrees; Enter does.

    Raises:
        NoAnswerError: the input ended.
    """
    answer = ask(f"{question} [Y/n]", amiss=lambda it: "" if it.lower() in _WORDS else "y for yes, n for no.")
    return answer.lower() not in {"n", "no"}


_WORDS = {"", "y", "yes", "n", "no"}


def _parts(answer: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in answer.split(",") if part.strip())
