"""The life of a draft at Gmail."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.utils import format_datetime, parseaddr
from pathlib import Path

import pytest

from tests.cli.archive import NOW, ROBIN
from tests.connectors.dying import AT_PROVIDER
from tests.connectors.gmail.town import Town
from tests.connectors.lifecycle import Lifecycle
from tests.connectors.stage import MINE, REWRITTEN, Lying, Stage, copy_parts
from tests.connectors.theatre import Theatre
from tests.google import Google

BELA = "Bela Kovacs <bela@example.org>"


class Mailbox(Stage):
    """Robin's mail at the fake Google."""

    kind = "gmail"
    doings = AT_PROVIDER
    put_away_is = "open"  # a label is all there is of a folder, and does not touch what it is put on

    def __init__(self, home: Path, google: Google) -> None:
        super().__init__(home)
        self._google, self._town = google, Town(google, home)
        self._town.sign_in()
        self._town.friend()
        asked = self._town.mail(BELA, ROBIN, 100, ("INBOX",), "The hut")
        number = google.mailbox.messages[asked].message_id
        answers = f"In-Reply-To: {number}\r\nReferences: {number}\r\n"
        self._town.mail(ROBIN, BELA, 90, ("SENT",), "Re: The hut", answers)

    @property
    def now(self) -> datetime:
        return self._google.clock.now()

    def later(self, span: timedelta) -> None:
        self._google.clock.wait(span.total_seconds())

    def lent(self) -> AbstractContextManager[object]:
        return self._town.lent()

    def configure(self, extra: str) -> None:
        self._town.configure(extra)

    def look(self) -> list[Lying]:
        found = []
        for name in self._google.mailbox.drafts.values():
            draft = self._google.mailbox.messages[name]
            message = message_from_bytes(draft.source, policy=policy.default)
            if "TRASH" not in draft.labels:
                folder = "Later" if "Label_7" in draft.labels else "Drafts"
                text, to = message.get_content().strip(), parseaddr(str(message["To"]))[1]
                found.append(Lying(folder, to, str(message["Subject"]), text, str(message["Message-ID"]).strip("<>")))
        return found

    def receive(self, who: str) -> None:
        self._town.mail(who, ROBIN, self.now, ("INBOX",), "Hello you")

    def write(self, who: str) -> None:
        self._town.mail(ROBIN, who, self.now, ("SENT",), "Without the draft")

    def edit(self) -> None:
        self._google.mailbox.edit_draft(self._town.draft, body=MINE)

    def rewrite(self) -> None:
        mailbox, name = self._google.mailbox, self._town.draft
        to, subject = self._town.header("to"), self._town.header("subject")
        head = f"From: {ROBIN}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {format_datetime(self.now)}\r\n"
        mailbox.write_draft(f"{head}Message-ID: <{REWRITTEN}>\r\n\r\n{MINE}\r\n".encode())
        mailbox.delete_draft(name)

    def put_away(self) -> None:
        mailbox = self._google.mailbox
        mailbox.relabel(mailbox.drafts[self._town.draft], add=("Label_7",))

    def send(self, *, keep: bool) -> None:
        self._google.mailbox.send_draft(self._town.draft, rewrite_message_id=not keep)

    def delete(self, *, bin_: bool) -> None:
        mailbox, name = self._google.mailbox, self._town.draft
        if bin_:
            mailbox.trash(mailbox.drafts[name])
        else:
            mailbox.delete_draft(name)

    def copy(self) -> Callable[[], None]:
        google = self._google
        put_back_parts = copy_parts([google.mailbox, google.oauth, google.clock], google.lock, google.clock._lock)

        def put_back() -> None:
            put_back_parts()
            google.quota.reset()
            google.log.clear()

        return put_back


class TestLifecycle(Lifecycle):
    @pytest.fixture(scope="class")
    @staticmethod
    def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
        folder = tmp_path_factory.mktemp("gmail")
        home = folder / "home"
        home.mkdir()
        with Google(start=NOW) as google:
            yield Theatre(Mailbox(home, google), folder)
            assert google.sends == []
