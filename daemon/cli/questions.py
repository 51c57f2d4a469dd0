"""What `auld init` asks before it writes a config. Each answer is judged at once, as the config will be."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from daemon.cli.output import say
from daemon.cli.places import Judge, ask_accounts
from daemon.cli.prompts import ask, ask_list, ask_number
from daemon.cli.session import Session
from daemon.config import CIRCLES, Answers, Friend

_PEOPLE: Final = 5
_MOST: Final = 200  # drafts a month: what the config takes


def ask_all(session: Session, guess: Answers) -> Answers:
    """Return what the user answers; a `guess` is what Enter takes.

    Raises:
        NoAnswerError: the input ended.
    """
    say("A few questions; Enter takes what stands in brackets. Nothing is written before the last one.")
    # Judged one by one: what was guessed and not yet asked may be wrong without harm.
    answers = Answers(timezone=guess.timezone)
    judge = Judge(session)
    answers = replace(answers, name=ask("\nYour name, as it signs the drafts", guess.name))
    emails = ask_list(
        "Your e-mail addresses, old ones too", guess.emails,
        lambda told: judge.amiss(replace(answers, emails=told)) or ("" if told else "One address, at least."),
    )  # fmt: skip
    answers = replace(answers, emails=emails)
    answers = ask_accounts(judge, answers, guess)
    answers = replace(answers, goal=ask_number("\nHow many people a month, at most", guess.goal, _MOST))
    return replace(answers, people=_ask_people(judge, answers))


def _ask_people(judge: Judge, answers: Answers) -> tuple[Friend, ...]:
    say(f"\nUp to {_PEOPLE} people you would hate to lose touch with: a name, and the address if you know it.")
    say("Enter when there is no more.")
    people: list[Friend] = []
    while len(people) < _PEOPLE:
        told = ask(f"  {len(people) + 1}", amiss=partial(_amiss_in, judge, answers, people))
        if not told:
            break
        people.append(replace(friend(told), circle=_ask_circle()))
    return tuple(people)


def _amiss_in(judge: Judge, answers: Answers, people: Sequence[Friend], told: str) -> str:
    if not told:
        return ""
    if told.count("@") > 1:
        return "One address; further ones can be added in the file."
    new = friend(told)
    if any(new.name and new.name.casefold() == one.name.casefold() for one in people):
        return f"{new.name} is there already."
    return judge.amiss(replace(answers, people=(*people, new)))


def _ask_circle() -> str:
    usual = "friends"
    offered = " · ".join(f"{name} ({every})" for name, every in CIRCLES.items())

    def meant(told: str) -> list[str]:
        return [name for name in CIRCLES if name.startswith(told.lower())]

    told = ask(
        f"     {offered}", usual, lambda it: "" if len(meant(it)) == 1 else "One of them; the beginning will do."
    )
    return meant(told)[0]


def friend(told: str) -> Friend:
    """Return the name and the address in a line like "Maya Okafor, maya@example.org"."""
    words = re.sub(r"[<>,;()]", " ", told).split()
    email = next((word for word in words if "@" in word), "")
    return Friend(" ".join(word for word in words if word != email), email.lower())
