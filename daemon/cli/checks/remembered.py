"""What `auld check` says of the state: whether it can be opened, what is in it, and what that says of people."""

from collections.abc import Iterator

from connectors.base import Finding
from daemon.cli.checks.accounts import reading_found
from daemon.cli.checks.people import people_found
from daemon.cli.output import count
from daemon.cli.session import Session
from daemon.state import State
from daemon.store import quarantined


def state_found(session: Session) -> Iterator[Finding]:
    """Yield what is found in the state."""
    folder = session.folder
    if not folder.exists():
        yield Finding("state", "ok", f"{folder} will be made by the first sync")
        return
    with State.open(folder, write=False, clock=session.clock) as state:
        for notice in state.store.notices:
            yield Finding("state", "warn", notice, "")
        facts = f"{count(len(state.ledger.mails), 'mail')}, {count(len(state.ledger.meetings), 'meeting')}"
        yield Finding("state", "ok", f"{folder}: {facts}, {count(len(state.drafts), 'draft')}")
        if broken := quarantined(folder):
            yield Finding(
                "quarantine", "warn", f"{count(len(broken), 'damaged file')} kept in {folder / 'quarantine'}",
                "look whether the disk is sound, then delete it",
            )  # fmt: skip
        yield from reading_found(session, state)
        yield from people_found(session.overview(state), state)
