"""The kind "outlook" keeps the contract, against the strict fake."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import pytest

from connectors.base import Account
from connectors.types import DraftRef
from tests.connectors.contract import AccountContract, DraftsContract, MailContract
from tests.connectors.outlook.home import Home, signed_in


class Mailbox:
    """A user's mailbox at Microsoft, which reads mail when it comes and tells of it what it understood."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def account(self) -> Account:
        return self.home.account()

    def deliver(self, content: bytes, *, sent: bool) -> None:
        message = message_from_bytes(content)
        fields = [(name, str(value)) for name, value in message.items()]
        # No server could tell of such a sender as JSON.
        sender = "somebody@example.org" if "((((" in str(message.get("From")) else str(message.get("From") or "")
        now = self.home.graph.clock.now()
        received = _moment(message.get("Received", "").rpartition(";")[2]) or now
        self.home.graph.mailbox.deliver(
            sender,
            [f"{name} <{email}>" for name, email in getaddresses([str(message.get("To", ""))])][:500],
            at=received,
            sent=_moment(message.get("Date", "")) or received,
            subject=str(message.get("Subject", "")),
            message_id=str(message["Message-ID"]),
            headers=fields,
            folder="sentitems" if sent else "inbox",
        )

    def edit_draft(self, ref: DraftRef) -> None:
        self.home.graph.clock.wait(60)
        self.home.graph.mailbox.edit_draft(ref.id, body="Another one.")

    def delete_draft(self, ref: DraftRef) -> None:
        self.home.graph.mailbox.delete_draft(ref.id)


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError):
        return None


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Mailbox]:
    with signed_in(tmp_path) as home:
        yield Mailbox(home)
        assert home.graph.sends == []


class TestMail(MailContract):
    pass


class TestDrafts(DraftsContract):
    pass


class TestAccount(AccountContract):
    pass
