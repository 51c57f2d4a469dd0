"""The life of a draft at Outlook."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.archive import NOW, ROBIN
from tests.connectors.dying import AT_PROVIDER
from tests.connectors.lifecycle import Lifecycle
from tests.connectors.outlook.place import Place
from tests.connectors.stage import MINE, REWRITTEN, Lying, Stage, copy_parts
from tests.connectors.theatre import Theatre
from tests.graph import Graph

BELA = "Bela Kovacs <bela@example.org>"


class Mailbox(Stage):
    """Robin's mail at the fake Graph."""

    kind = "outlook"
    doings = AT_PROVIDER
    put_away_is = "edited"  # it is known wherever it lies, and where the user put it it is theirs

    def __init__(self, home: Path, graph: Graph) -> None:
        super().__init__(home)
        self._graph, self._place = graph, Place(home, graph)
        self._place.sign_in()
        self._place.friend()
        number = self._place.mail(BELA, ROBIN, 100, "The hut")
        self._place.mail(ROBIN, BELA, 90, "Re: The hut", answers=[number])
        self._later = graph.mailbox.add_folder("Later")

    @property
    def now(self) -> datetime:
        return self._graph.clock.now()

    def later(self, span: timedelta) -> None:
        self._graph.clock.wait(span.total_seconds())

    def lent(self) -> AbstractContextManager[object]:
        return self._place.lent()

    def configure(self, extra: str) -> None:
        self._place.configure(extra)

    def look(self) -> list[Lying]:
        mailbox = self._graph.mailbox
        return [
            Lying(folder, one.to[0][1], one.subject, one.body.replace("\r\n", "\n").strip(), one.message_id.strip("<>"))
            for folder, listed in (("Drafts", mailbox.drafts), ("Later", mailbox.listed(self._later)))
            for one in listed
        ]

    def receive(self, who: str) -> None:
        self._place.mail(who, ROBIN, self.now, "Hello you")

    def write(self, who: str) -> None:
        self._place.mail(ROBIN, who, self.now, "Without the draft")

    def edit(self) -> None:
        self._graph.mailbox.edit_draft(self._place.draft_id, body=MINE)

    def rewrite(self) -> None:
        mailbox, draft = self._graph.mailbox, self._place.draft
        mailbox.write_draft([f"{name} <{email}>" for name, email in draft.to], draft.subject, MINE, f"<{REWRITTEN}>")
        mailbox.delete_draft(draft.id(immutable=True))

    def put_away(self) -> None:
        self._graph.mailbox.move(self._place.draft_id, self._later)

    def send(self, *, keep: bool) -> None:
        sending = self._graph.mailbox.sending
        sending.keeps_id = sending.keeps_message_id = keep
        self._graph.mailbox.send_draft(self._place.draft_id)

    def delete(self, *, bin_: bool) -> None:
        self._graph.mailbox.deletes = "deleteditems" if bin_ else "gone"
        self._graph.mailbox.delete_draft(self._place.draft_id)

    def copy(self) -> Callable[[], None]:
        graph = self._graph
        parts = [
            graph.mailbox, graph.mail, graph.delta, graph.writing, graph.calendars, graph.agenda, graph.login,
            graph.throttle, graph.clock,
        ]  # fmt: skip
        put_back_parts = copy_parts(parts, graph.lock, graph.clock._lock)

        def put_back() -> None:
            put_back_parts()
            graph.log.clear()

        return put_back


class TestLifecycle(Lifecycle):
    @pytest.fixture(scope="class")
    @staticmethod
    def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
        folder = tmp_path_factory.mktemp("outlook")
        home = folder / "home"
        home.mkdir()
        with Graph(start=NOW) as graph:
            yield Theatre(Mailbox(home, graph), folder)
            assert graph.sends == []
