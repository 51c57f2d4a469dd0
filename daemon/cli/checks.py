"""`auld check`: everything that can be wrong, a line each, and what to do."""

import logging
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shlex import quote

from connectors.base import Finding
from daemon.cli.choices import named
from daemon.cli.options import CONFIG, DONE, NEEDS_USER
from daemon.cli.output import count, plain, print_json, say
from daemon.cli.reading import ACCOUNT_NEEDS
from daemon.cli.servicechecks import rounds_found, units_found
from daemon.cli.session import Session
from daemon.config import ConfigError
from daemon.overview import Overview
from daemon.settings import Language
from daemon.state import State
from daemon.store import Busy, StateError, quarantined

log = logging.getLogger(__name__)

_ENOUGH_DISK = 200 * 1024 * 1024
_FEW = 5
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


def check(session: Session, *, as_json: bool) -> int:
    """Print the findings; 1 when something needs the user, 78 when the config is wrong."""
    findings: list[Finding] = []
    code = DONE
    try:
        settings = session.settings
    except ConfigError as err:
        fix = f"mend {err.path}" if err.path.exists() else "auld init"
        findings += [Finding("config", "fail", str(problem), fix) for problem in err.problems]
        code = CONFIG
    else:
        findings.append(Finding("config", "ok", f"{session.config_path}: {count(len(settings.accounts), 'account')}"))
        looks = {"accounts": _accounts, "clock": _clock, "disk": _disk, "templates": _templates, "state": _state}
        looks |= {"service": units_found, "rounds": rounds_found}
        for name, look in looks.items():
            findings += _guarded(name, partial(look, session))
    if as_json:
        print_json([{"name": one.name, "result": one.result, "detail": one.detail, "fix": one.fix} for one in findings])
    else:
        for one in findings:
            print(f"{one.result:<4}  {plain(one.name, 60)}: {plain(one.detail, 600)}")
            if one.fix:
                print(f"      → {plain(one.fix, 600)}")
    failed = sum(one.result == "fail" for one in findings)
    if failed and not as_json:
        say(f"{count(failed, 'thing')} to mend.")
    return code or (NEEDS_USER if failed else DONE)


def _guarded(name: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield what is found, and what keeps the rest from being found: nothing may hide the other findings."""
    from connectors.errors import ConnectorError  # noqa: PLC0415

    try:
        yield from look()
    except ConnectorError as err:
        yield Finding(name, "fail", str(err), "do what it says, then: auld check")
    except OSError as err:
        yield Finding(name, "fail", f"{err.filename or name} cannot be looked at ({err.strerror})", "mend that")
    except Exception as err:  # a mistake of ours in one place
        log.debug("a check failed", exc_info=True)
        detail = f"something went wrong that should not have ({type(err).__name__})"
        yield Finding(name, "fail", detail, "run auld check -v and report what it prints")


def _accounts(session: Session) -> Iterator[Finding]:
    if not session.settings.accounts:
        yield Finding("accounts", "fail", "the config has no [[accounts]]", ACCOUNT_NEEDS)
        return
    from connectors.errors import SettingsError  # noqa: PLC0415

    try:
        accounts = session.accounts
    except SettingsError as err:
        yield Finding("accounts", "fail", str(err), f"mend {session.config_path}")
        return
    for one in accounts.all:
        for finding in _guarded("account", one.account.check):
            yield replace(finding, name=f"{one.name}: {finding.name}")
    for off in session.settings.accounts:
        if not off.enabled:
            yield Finding(off.name, "warn", "enabled = false: it is not read", "")
    if not accounts.taking_drafts():
        yield Finding("drafts", "fail", "no account takes drafts", "let one take them in the config (its key drafts)")


def _clock(session: Session) -> Iterator[Finding]:
    now = session.now
    local = now.astimezone(session.zone)
    shown = f"{local:%Y-%m-%d %H:%M} {session.zone.key}"
    if now < _EARLIEST:
        yield Finding("clock", "fail", f"it says {shown}, which is past", "set the machine's clock")
    else:
        yield Finding("clock", "ok", shown)


def _disk(session: Session) -> Iterator[Finding]:
    place = folder = session.folder
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    text = f"{free // (1024 * 1024):,} MB free where the state lies ({folder})"
    if free < _ENOUGH_DISK:
        yield Finding("disk", "warn", text, "make room; auld keeps its old state when a write fails")
    else:
        yield Finding("disk", "ok", text)
    if not os.access(place, os.W_OK):
        yield Finding(
            "state folder",
            "fail",
            f"{place} cannot be written to",
            "mend its permissions, or name another with state = …",
        )


def _templates(session: Session) -> Iterator[Finding]:
    from daemon.compose import BrokenTemplate, exists, preview  # noqa: PLC0415
    from daemon.writing import WRITTEN_IN  # noqa: PLC0415

    settings = session.settings
    try:
        for occasion in ("catch-up", "new-year"):
            preview(occasion)
        yield Finding("templates", "ok", "catch-up and new-year, in English")
    except BrokenTemplate as err:
        yield Finding("templates", "fail", str(err), "install auld again")
    wished: set[Language | None] = {settings.me.language, *(one.language for one in settings.people)}
    wished |= {one.language for one in settings.circles}
    missing = sorted(one for one in wished if one is not None and not exists(one, "catch-up"))
    if missing:
        yield Finding(
            "languages",
            "warn",
            f"no templates for {', '.join(missing)} yet: those drafts are written in {WRITTEN_IN}",
            "",
        )


def _state(session: Session) -> Iterator[Finding]:
    folder = session.folder
    if not folder.exists():
        yield Finding("state", "ok", f"{folder} will be made by the first sync")
        return
    yield from _open_to_others("state folder", folder)
    for path in sorted((folder / "secrets").rglob("*")):
        yield from _open_to_others("tokens", path)
    try:
        with State.open(folder, write=False, clock=session.clock) as state:
            for notice in state.store.notices:
                yield Finding("state", "warn", notice, "")
            facts = f"{count(len(state.ledger.mails), 'mail')}, {count(len(state.ledger.meetings), 'meeting')}"
            yield Finding("state", "ok", f"{folder}: {facts}, {count(len(state.drafts), 'draft')}")
            broken = quarantined(folder)
            if broken:
                yield Finding(
                    "quarantine", "warn", f"{count(len(broken), 'damaged file')} kept in {folder / 'quarantine'}",
                    "look whether the disk is sound, then delete it",
                )  # fmt: skip
            yield from _people(session.overview(state))
    except (StateError, Busy) as err:
        yield Finding("state", "fail", str(err), "")


def _open_to_others(name: str, path: Path) -> Iterator[Finding]:
    if not path.exists():  # gone meanwhile, or a link to nothing
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        wished = 700 if path.is_dir() else 600
        fix = f"chmod {wished} {quote(str(path.absolute()))}"
        yield Finding(name, "warn", f"{path} is open to others ({mode:o})", fix)


def _people(view: Overview) -> Iterator[Finding]:
    for sentence in view.warnings():
        yield Finding("reading", "warn", sentence, "" if "auld " in sentence else "auld sync")
    for conflict in view.world.census.conflicts:
        yield Finding("people", "warn", conflict.text)
    if view.world.learned:
        emails = ", ".join(sorted(view.world.census.emails[number] for number in view.world.learned))
        yield Finding("me", "ok", f"learned from Sent as yours: {emails}", "")
    unseen = [row for row in view.rows if row.standing.person.listed is not None and not row.standing.days]
    for row in unseen:
        near = [one for one in view.nearest(row.standing.person.name.casefold()) if one != row.standing.person.name]
        hint = f"nearest: {', '.join(near)}" if near else "their address may be missing"
        yield Finding(
            "people",
            "warn",
            f"{named(row.standing.person)} is listed but was never seen; {hint}",
            "look at emails in [[people]]",
        )
    for row in view.rows:
        if row.standing.dead and row.chosen:
            yield Finding(
                "people",
                "warn",
                f"{named(row.standing.person)}: {', '.join(sorted(row.standing.dead))} bounces",
                "add a new address, or mute them",
            )
    for row in view.never_answered():
        yield Finding(
            "people",
            "warn",
            f"{named(row.standing.person)} did not answer three drafts in a row",
            "auld writes no more to them; mute them, or meet them",
        )
    for one, other in view.suspects()[:_FEW]:
        yield Finding(
            "people", "warn", f"{one} and {other} may be one person", f"if so: auld people --merge {one} {other}"
        )
