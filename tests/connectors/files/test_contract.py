"""The kind "files" keeps the contract, over Maildirs and over mboxes."""

import mailbox
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

import pytest

from connectors import load
from connectors.base import Account, Host
from connectors.types import DraftRef
from tests.connectors.contract import NOW, AccountContract, DraftsContract, MailContract


class NoSecrets:
    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str) -> None: ...

    def drop(self, name: str) -> None: ...

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()


class Disk:
    """A user's mail folders, written by Python's own mailbox module."""

    def __init__(self, folder: Path, make: Callable[[Path], "mailbox.Mailbox[mailbox.Message]"]) -> None:
        self.folder = folder
        self._make = make
        for name in ("Sent", "INBOX"):
            make(folder / name).close()

    def account(self) -> Account:
        connector = load("files")
        settings = connector.settings(sent="Sent", received=["INBOX"], drafts="Drafts")
        return connector.open(settings, Host(NoSecrets(), lambda: NOW, self.folder, "archive"))

    def deliver(self, content: bytes, *, sent: bool) -> None:
        with closing(self._make(self.folder / ("Sent" if sent else "INBOX"))) as box:
            box.add(content)

    def edit_draft(self, ref: DraftRef) -> None:
        path = self._draft(ref)
        path.write_bytes(path.read_bytes() + b"one more line\n")

    def delete_draft(self, ref: DraftRef) -> None:
        self._draft(ref).unlink()

    def _draft(self, ref: DraftRef) -> Path:
        (path,) = (self.folder / "Drafts" / "cur").glob(f"{ref.id}*")
        return path


@pytest.fixture
def provider(tmp_path: Path) -> Disk:
    return Disk(tmp_path, lambda path: mailbox.Maildir(path, create=True))


class TestMaildirs(MailContract):
    pass


class TestMboxes(MailContract):
    @pytest.fixture
    def provider(self, tmp_path: Path) -> Disk:
        def make(path: Path) -> "mailbox.Mailbox[mailbox.Message]":
            path.touch()
            return mailbox.mbox(path)

        return Disk(tmp_path, make)


class TestDrafts(DraftsContract):
    pass


class TestAccount(AccountContract):
    pass
