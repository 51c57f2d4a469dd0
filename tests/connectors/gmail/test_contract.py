"""The kind "gmail" keeps the contract, against the strict fake."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.base import Account
from connectors.types import DraftRef
from tests.connectors.contract import AccountContract, DraftsContract, MailContract
from tests.connectors.gmail.home import Home, signed_in


class Mailbox:
    """A user's mailbox at Google."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def account(self) -> Account:
        return self.home.account()

    def deliver(self, content: bytes, *, sent: bool) -> None:
        self.home.google.mailbox.deliver(content, ("SENT",) if sent else ("INBOX", "UNREAD"))

    def edit_draft(self, ref: DraftRef) -> None:
        self.home.google.clock.wait(60)
        self.home.google.mailbox.edit_draft(ref.id, body="Another one.\r\n")

    def delete_draft(self, ref: DraftRef) -> None:
        self.home.google.mailbox.delete_draft(ref.id)


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Mailbox]:
    with signed_in(tmp_path) as home:
        yield Mailbox(home)
        assert home.google.sends == []


class TestMail(MailContract):
    pass


class TestDrafts(DraftsContract):
    pass


class TestAccount(AccountContract):
    pass
