"""Where the user's mail is: what `auld init` asks of it, for a new config and for one that lacks some."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from connectors.errors import SettingsError
from connectors.pages import page
from daemon.cli.output import plain, say
from daemon.cli.prompts import ask, ask_list
from daemon.cli.session import Session
from daemon.config import ONLINE, Answers, ConfigError, Online, new_accounts, new_config, read, understand

_FILES: Final = "Files on this disk: Maildir, mbox, Google Takeout"
_Paths = tuple[str, ...]
_NONE: Final = ("-",)
_PLACES: Final[Sequence[tuple[str, Callable[[Answers], _Paths], Callable[[Answers, _Paths], Answers]]]] = (
    ("Sent mail", lambda it: it.sent, lambda it, paths: replace(it, sent=paths)),
    ("Received mail", lambda it: it.received, lambda it, paths: replace(it, received=paths)),
    ("Both in one, as from Takeout", lambda it: it.mail, lambda it, paths: replace(it, mail=paths)),
    ("Calendar files (.ics)", lambda it: it.calendar, lambda it, paths: replace(it, calendar=paths)),
)


class Judge:
    """Says what would be wrong with a config."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def amiss(self, answers: Answers, key: str = "") -> str:
        """Return the first thing that is wrong with answers, "" if nothing is. What `key` names is looked at, too."""
        from daemon.accounts import open_accounts  # noqa: PLC0415

        path = self._session.config_path
        try:
            settings = understand(new_config(answers), path)
            accounts = open_accounts(settings, path.absolute().parent, self._session.clock).all
        except ConfigError as err:
            return err.problems[0].message
        except SettingsError as err:
            return str(err)
        found = (one for account in accounts if key for one in account.account.check())
        wrong = (one for one in found if one.result == "fail" and one.name.partition(" ")[0] == key)
        return next((f"{one.name.partition(' ')[2]} {one.detail}: {one.fix}".strip() for one in wrong), "")


def ask_accounts(judge: Judge, answers: Answers, guess: Answers) -> Answers:
    """Return `answers` with the accounts that the user names.

    Raises:
        NoAnswerError: the input ended.
    """
    choices: list[Online | None] = [*ONLINE, None]
    domains = {email.rpartition("@")[2] for email in answers.emails}
    usual = [str(number) for number, one in enumerate(ONLINE, 1) if domains & set(one.domains)]
    usual += [str(len(choices))] if guess.sent or guess.received else []
    return _ask_each(judge, answers, guess, choices, "Where is your mail?", tuple(usual or ["1"]))


def ask_more(session: Session, guess: Answers) -> str:
    """Return what is to stand at the end of the config for accounts of kinds that it lacks, "" for nothing.

    Raises:
        NoAnswerError: the input ended.
    """
    settings = session.settings
    known, names = {one.kind for one in settings.accounts}, {one.name for one in settings.accounts}
    choices: list[Online | None] = [
        one if one.name not in names else replace(one, name=one.kind) for one in ONLINE if one.kind not in known
    ]
    choices += [None] if "files" not in known else []
    if not choices:
        return ""
    question = "Where else is your mail? (Enter: nowhere else)" if known else "Where is your mail?"
    answers = Answers(settings.me.name, settings.me.emails)
    answers = _ask_each(Judge(session), answers, guess, choices, question, ())
    text = new_accounts(answers, [one for one in choices if one is not None])
    if text:
        whole = read(session.config_path)
        understand(whole + text, session.config_path)  # nothing is written that the rest does not go with
    return text


def _ask_each(
    judge: Judge, answers: Answers, guess: Answers, choices: Sequence[Online | None], question: str, usual: _Paths
) -> Answers:
    say(f"\n{question}")
    for number, one in enumerate(choices, 1):
        say(f"  {number}  {one.title if one is not None else _FILES}")
    if None in choices and (guess.sent or guess.received):
        say(f"     (found here: {plain(', '.join(guess.sent + guess.received), 200)})")

    def amiss(told: _Paths) -> str:
        known = {str(number) for number in range(1, len(choices) + 1)}
        return (
            "" if set(told) <= known and (told or not usual) else f"Say one or more of the numbers 1 to {len(choices)}."
        )

    told = ask_list("One number or several", usual, amiss)
    for one in (choices[int(number) - 1] for number in sorted(set(told))):
        answers = _ask_online(judge, answers, one) if one is not None else _ask_files(judge, answers, guess)
    return answers


def _ask_online(judge: Judge, answers: Answers, one: Online) -> Answers:
    meant = _whole if one.is_path else str

    def taken(key: str) -> Answers:
        return replace(answers, online={**answers.online, one.kind: meant(key)})

    say(f"\n{one.title}. How to get the {one.wanted}, click by click:")
    say(f"  {page(one.guide)}")
    question = f"The {one.wanted} (Enter: later, with auld init again)"
    key = ask(question, "", lambda told: judge.amiss(taken(told), one.key) if told else "")
    return taken(key) if key else answers


def _ask_files(judge: Judge, answers: Answers, guess: Answers) -> Answers:
    say("\nA path is a Maildir, an mbox, or a folder of either; - for none.")
    for question, told, taken in _PLACES:
        paths = ask_list(question, told(guess), partial(_amiss_at, judge, answers, taken))
        answers = taken(answers, () if paths == _NONE else tuple(map(_whole, paths)))
    if not any(told(answers) for _, told, _ in _PLACES):
        say("So there is nothing to read on this disk.")
        return answers
    beside = str(Path(answers.sent[0]).parent / "Drafts") if answers.sent else ""

    def amiss(drafts: str) -> str:
        if drafts in {"", "-"}:
            return ""
        return judge.amiss(replace(answers, drafts=_whole(drafts)), "drafts")

    drafts = ask("Drafts folder (a Maildir; it is made if it is not there)", guess.drafts or beside, amiss)
    if drafts in {"", "-"}:
        if not answers.online:
            say("Without one, auld has nowhere to put drafts, and writes none.")
        return answers
    return replace(answers, drafts=_whole(drafts))


def _amiss_at(judge: Judge, answers: Answers, taken: Callable[[Answers, _Paths], Answers], paths: _Paths) -> str:
    if paths in {(), _NONE}:
        return ""
    whole = tuple(map(_whole, paths))
    for path in whole:
        try:
            if not Path(path).expanduser().exists():
                return f"There is nothing at {path}: name what is there, or - for none."
        except OSError as err:
            return f"{path} cannot be looked at ({err.strerror}): name another, or - for none."
        except RuntimeError:
            return f"{path} begins with a home folder that is not known: write the whole path."
    return judge.amiss(taken(answers, whole))


def _whole(path: str) -> str:
    """Return a path as the config needs it: without what a shell wants, and as from where the user is now."""
    quoted = len(path) > 1 and path[0] == path[-1] and path[0] in "\"'"
    bare = path[1:-1] if quoted else path.replace("\\ ", " ")
    return bare if bare.startswith("~") or not bare.strip() else os.path.abspath(bare)  # noqa: PTH100 -- links stay
