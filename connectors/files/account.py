"""An account of kind "files", opened: which paths it names, and its part of `auld check`."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from connectors.base import Account, Connector, Finding, Host, Source
from connectors.errors import SettingsError
from connectors.files.drafts import MaildirDrafts, why_no_drafts
from connectors.files.folders import Root, Store, find_stores
from connectors.files.mail import MailSource
from connectors.files.maildir import list_messages
from connectors.files.settings import FilesSettings
from connectors.types import Meeting


def open_account(settings: FilesSettings, host: Host) -> Account:
    """Open the account; nothing on the disk is looked at yet.

    Raises:
        SettingsError: a path names the home folder of a user who has none.
    """
    roots = [
        Root(key, path, in_sent)
        for key, told, in_sent in (
            ("sent", settings.sent, True),
            ("received", settings.received, False),
            ("mail", settings.mail, None),
        )
        for path in _resolve(told, host.folder)
    ]
    drafts = _resolve((settings.drafts,), host.folder)[0] if settings.drafts.strip() else None
    calendar: Source[Meeting] | None = None
    check_calendar: Callable[[], Iterator[Finding]] | None = None
    if settings.calendar:
        from connectors.files.calendar import CalendarSource  # noqa: PLC0415 -- its libraries are slow to import

        source = CalendarSource(_resolve(settings.calendar, host.folder), host.now)
        calendar, check_calendar = source, source.check

    def check() -> Iterator[Finding]:
        yield from _check_mail(roots, drafts)
        if check_calendar is not None:
            yield from check_calendar()
        if drafts is not None:
            yield _check_drafts(drafts)

    return Account(
        mail=MailSource(roots, [drafts] if drafts else [], greetings=host.greetings) if roots else None,
        calendar=calendar,
        drafts=MaildirDrafts(drafts, host.now) if drafts else None,
        addresses=lambda: (),  # a folder does not say whose it is: `me.emails` does
        check=check,
        writes=(drafts,) if drafts else (),
        tells_greetings=lambda: host.greetings,
    )


def _resolve(told: Sequence[str], folder: Path) -> list[Path]:
    paths = []
    for one in told:
        try:
            paths.append(Path(os.path.normpath(folder / Path(one.strip()).expanduser())))
        except RuntimeError as err:
            raise SettingsError(f'"{one}" begins with a home folder that is not known: write the whole path.') from err
    return paths


def _check_mail(roots: Sequence[Root], drafts: Path | None) -> Iterator[Finding]:
    found = find_stores(roots, [drafts] if drafts else [])
    for root in roots:
        name = f"{root.key} {root.path}"
        if root in found.errors:
            detail, _, fix = found.errors[root].partition(": ")
            yield Finding(name, "fail", detail, fix)
            continue
        stores = [store for store in found.stores if store.root == root]
        if not stores:
            yield Finding(name, "warn", "no mail folder lies there", "name a Maildir, an mbox, or a folder of either")
        elif (unreadable := next((store for store in stores if not _readable(store)), None)) is not None:
            yield Finding(name, "fail", f"{unreadable.path} cannot be read", "give yourself the right to read it")
        else:
            yield Finding(name, "ok", _describe(stores))
    for problem in found.problems[:20]:
        detail, _, fix = problem.partition("; ")
        yield Finding("mail", "warn", detail, fix)


def _readable(store: Store) -> bool:
    places = [store.path] if store.box else [f"{store.path}/cur", f"{store.path}/new"]
    return all(os.access(place, os.R_OK) for place in places if os.path.lexists(place))


def _describe(stores: Sequence[Store]) -> str:
    boxes = sum(store.box for store in stores)
    maildirs = [store for store in stores if not store.box]
    told = []
    if maildirs:
        messages = sum(len(list_messages(store.path)) for store in maildirs)
        told.append(f"{len(maildirs)} Maildir{'s' * (len(maildirs) > 1)} with {messages} messages")
    if boxes:
        told.append(f"{boxes} mbox{'es' * (boxes > 1)}")
    return " and ".join(told)


def _check_drafts(folder: Path) -> Finding:
    name = f"drafts {folder}"
    if reason := why_no_drafts(folder):
        detail, _, fix = reason.partition(": ")
        return Finding(name, "fail", detail, fix)
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if not os.access(place, os.W_OK | os.X_OK):
        return Finding(name, "fail", f"{place} cannot be written", "give yourself the right to write there")
    return Finding(name, "ok", "a Maildir" if place == folder else "will be made with the first draft")


connector = Connector(settings=FilesSettings, open=open_account, tells_addresses=False)
