"""What `auld init` asks before it writes a config. Each answer is judged at once, as the config will be."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from connectors.errors import SettingsError
from connectors.pages import page
from daemon.cli.output import plain, say
from daemon.cli.prompts import ask, ask_list, ask_number
from daemon.cli.session import Session
from daemon.config import CIRCLES, ONLINE, Answers, ConfigError, Friend, Online, new_config, understand

_FILES: Final = "Files on this disk: Maildir, mbox, Google Takeout"
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
    judge = _Judge(session)
    answers = replace(answers, name=ask("\nYour name, as it signs the drafts", guess.name))
    emails = ask_list(
        "Your e-mail addresses, old ones too", guess.emails,
        lambda told: judge.amiss(replace(answers, emails=told)) or ("" if told else "One address, at least."),
    )  # fmt: skip
    answers = replace(answers, emails=emails)
    chosen = _ask_where(emails, guess)
    for one in chosen:
        answers = _ask_online(judge, answers, one) if one is not None else _ask_files(judge, answers, guess)
    answers = replace(answers, goal=ask_number("\nHow many people a month, at most", guess.goal, _MOST))
    return replace(answers, people=_ask_people(judge, answers))


_Paths = tuple[str, ...]
_NONE: Final = ("-",)
_PLACES: Final[Sequence[tuple[str, Callable[[Answers], _Paths], Callable[[Answers, _Paths], Answers]]]] = (
    ("Sent mail", lambda it: it.sent, lambda it, paths: replace(it, sent=paths)),
    ("Received mail", lambda it: it.received, lambda it, paths: replace(it, received=paths)),
    ("Both in one, as from Takeout", lambda it: it.mail, lambda it, paths: replace(it, mail=paths)),
    ("Calendar files (.ics)", lambda it: it.calendar, lambda it, paths: replace(it, calendar=paths)),
)


class _Judge:
    """Says what would be wrong with a config."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.folder = session.config_path.absolute().parent  # where a config's relative paths start

    def amiss(self, answers: Answers, key: str = "") -> str:
        """Return the first thing that is wrong with answers, "" if nothing is. What `key` names is looked at, too."""
        from daemon.accounts import open_accounts  # noqa: PLC0415

        try:
            settings = understand(new_config(answers), self._session.config_path)
            accounts = open_accounts(settings, self.folder, self._session.clock).all
        except ConfigError as err:
            return err.problems[0].message
        except SettingsError as err:
            return str(err)
        found = (one for account in accounts if key for one in account.account.check())
        return next((f"{one.detail}: {one.fix}" for one in found if (one.name, one.result) == (key, "fail")), "")


def _ask_where(emails: Sequence[str], guess: Answers) -> list[Online | None]:
    """Return the kinds of accounts; None is files on this disk."""
    choices: list[Online | None] = [*ONLINE, None]
    found = guess.sent + guess.received
    domains = {email.rpartition("@")[2] for email in emails}
    usual = [str(number) for number, one in enumerate(ONLINE, 1) if domains & set(one.domains)]
    usual += [str(len(choices))] if found else []
    say("\nWhere is your mail?")
    for number, one in enumerate(choices, 1):
        say(f"  {number}  {one.title if one is not None else _FILES}")
    if found:
        say(f"     (found here: {plain(', '.join(found), 200)})")

    def amiss(told: tuple[str, ...]) -> str:
        known = {str(number) for number in range(1, len(choices) + 1)}
        return "" if told and set(told) <= known else f"Say one or more of the numbers 1 to {len(choices)}."

    told = ask_list("One number or several", tuple(usual or ["1"]), amiss)
    return [choices[int(number) - 1] for number in sorted(set(told))]


def _ask_online(judge: _Judge, answers: Answers, one: Online) -> Answers:
    def taken(key: str) -> Answers:
        return replace(answers, online={**answers.online, one.kind: key})

    say(f"\n{one.title}. How to get the {one.wanted}, click by click:")
    say(f"  {page(one.guide)}")
    key = ask(
        f"The {one.wanted} (Enter: later)", "", lambda told: judge.amiss(taken(_whole(told)), one.key) if told else ""
    )
    return taken(_whole(key)) if key else answers


def _whole(key: str) -> str:
    """Return a path that starts where the user is as a whole one: the config will lie elsewhere."""
    path = Path(key)
    return str(path.absolute()) if not path.is_absolute() and path.is_file() else key


def _ask_files(judge: _Judge, answers: Answers, guess: Answers) -> Answers:
    say("\nA path is a Maildir, an mbox, or a folder of either; - for none.")
    for question, told, taken in _PLACES:
        paths = ask_list(question, told(guess), partial(_amiss_at, judge, answers, taken))
        answers = taken(answers, () if paths == _NONE else paths)
    drafts = ask("Drafts folder (a Maildir)", guess.drafts, lambda it: judge.amiss(replace(answers, drafts=it)))
    return replace(answers, drafts="" if drafts == "-" else drafts)


def _amiss_at(judge: _Judge, answers: Answers, taken: Callable[[Answers, _Paths], Answers], paths: _Paths) -> str:
    if paths in {(), _NONE}:
        return ""
    for path in paths:
        with suppress(RuntimeError):  # somebody else's home, who is not known: the judge has the words
            if not (judge.folder / Path(path).expanduser()).exists():
                return f"There is nothing at {path}: name what is there, or - for none."
    return judge.amiss(taken(answers, paths))


def _ask_people(judge: _Judge, answers: Answers) -> tuple[Friend, ...]:
    say(f"\nUp to {_PEOPLE} people you would hate to lose touch with: a name, and the address if you know it.")
    say("Enter when there is no more.")
    people: list[Friend] = []
    while len(people) < _PEOPLE:
        told = ask(f"  {len(people) + 1}", amiss=partial(_amiss_in, judge, answers, people))
        if not told:
            break
        people.append(replace(friend(told), circle=_ask_circle()))
    return tuple(people)


def _amiss_in(judge: _Judge, answers: Answers, people: Sequence[Friend], told: str) -> str:
    return judge.amiss(replace(answers, people=(*people, friend(told)))) if told else ""


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
