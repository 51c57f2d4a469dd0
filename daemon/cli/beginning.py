"""The first steps after a config: signing in, the first read, whom to write to, the service. Each only if it is wanted.

What is done already is not offered again, so that `auld init` can be typed again after any of them.
"""

from collections.abc import Callable, Mapping, Sequence
from shlex import quote

from connectors.base import Finding
from connectors.errors import ConnectorError
from daemon.cli import reading, signing
from daemon.cli.checks.guard import guarded
from daemon.cli.installation import installed_look
from daemon.cli.options import DONE, NEEDS_USER
from daemon.cli.output import plain, say
from daemon.cli.prompts import confirm
from daemon.cli.review import review, unreviewed
from daemon.cli.service import BY_HAND, service
from daemon.cli.session import Session
from daemon.cli.status import status
from daemon.store import Busy
from daemon.units import Form, NoSystemdError, Systemd


def begin(session: Session) -> int:
    """Offer what is left to do; return 1 if something of it went wrong.

    Raises:
        NoAnswerError: the input ended.
        ConfigError, SettingsError: the config cannot work.
    """
    reading.check_names(session, ())
    say("\nLooking whether all accounts can be reached …")
    failures = _failures(session)
    waiting = _to_sign_in(failures)
    well = [_sign_in(session, name) for name in waiting]
    if waiting:
        session = Session(session.options)  # accounts as they are now
        failures = _failures(session)
        waiting = _to_sign_in(failures)
    for name, found in failures.items():
        for one in found if name not in waiting else ():
            say(f"{plain(name)}: {plain(one.detail, 400)} → {plain(one.fix, 400)}")
    try:
        well += [_read(session, waiting), _review(session)]
    except Busy as err:
        say(str(err))
    well.append(_install(session))
    say("")
    status(Session(session.options), as_json=False)
    say("Whom auld would write to next: auld due. All commands: auld --help")
    return DONE if all(well) else NEEDS_USER


def _failures(session: Session) -> dict[str, list[Finding]]:
    """Return what is wrong with each account, as `auld check` has it."""
    return {
        one.name: [found for found in guarded(one.name, one.account.check) if found.result == "fail"]
        for one in session.accounts.all
    }


def _to_sign_in(failures: Mapping[str, Sequence[Finding]]) -> list[str]:
    """Return the names of the accounts whose trouble a sign-in ends."""
    return [name for name, found in failures.items() if any(_login(name) in one.fix for one in found)]


def _login(name: str) -> str:
    return f"auld login {quote(name)}"


def _sign_in(session: Session, name: str) -> bool:
    command = _login(name)
    if not confirm(f"\nSign in to {plain(name)} now?"):
        say(f"Later: {plain(command)}")
        return True
    return _done(lambda: signing.login(session, name, browser=True, patience="10 minutes"), command)


def _read(session: Session, waiting: Sequence[str]) -> bool:
    with session.state() as state:
        unread = [
            one.name
            for one in session.accounts.all
            if one.name not in waiting and state.account(one.name).first_synced_at is None
        ]
    if not unread:
        return True
    if not confirm("\nRead your mail and calendar now? It may take a while the first time, and can be stopped"):
        say("Later: auld sync")
        return True
    return _done(lambda: reading.sync(session, unread, full=False), "auld sync")


def _review(session: Session) -> bool:
    with session.state() as state:
        if not unreviewed(session, state):
            return True
    if not confirm("\nGo through whom auld suggests, so that the first drafts are for the right people?"):
        say("Later: auld review")
        return True
    return _done(lambda: review(session), "auld review")


def _install(session: Session) -> bool:
    if installed_look(session).installed:
        return True
    try:
        Systemd(system=False).reach()
    except NoSystemdError as err:
        if err.absent:
            say(f"\nauld cannot be let run by itself here: {err}. {BY_HAND}")
            return True
    if not confirm("\nLet auld run by itself from now on?"):
        say("Later: auld service install. Or by hand, or from cron: auld once")
        return True
    return _done(lambda: service(session, "install", Form.USER, as_json=False), "auld service install")


def _done(step: Callable[[], int], command: str) -> bool:
    """Take a step; return whether it went well. One that did not is no obstacle to the next."""
    try:
        well = step() == DONE
    except ConnectorError as err:
        say(plain(str(err), 600))
        well = False
    if not well:
        say(f"Again, later: {plain(command)}")
    return well
