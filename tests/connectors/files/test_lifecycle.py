"""The life of a draft in a Maildir."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.cli.archive import ANA, NOW, Draft, Home, make_maildir
from tests.connectors.dying import on_disk
from tests.connectors.lifecycle import Lifecycle, assert_goes_its_way, name_of
from tests.connectors.paths import LONG
from tests.connectors.paths import Path as Way
from tests.connectors.stage import MINE, REWRITTEN, Lying, Stage
from tests.connectors.theatre import Theatre


class Disk(Stage):
    """Robin's mail on this disk."""

    kind = "files"
    put_away_is = "deleted"  # it is gone from Drafts, and other folders are none of auld's business

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._mail, self._now = Home(home).build(), NOW
        self._later = home / "Mail" / "Later"
        make_maildir(self._later)
        self._mail.friend(ANA)
        asked = self._mail.got("Bela Kovacs <bela@example.org>", 100, subject="The hut")
        answers = f"In-Reply-To: <{asked}>\nReferences: <{asked}>\n"
        self._mail.wrote("Bela Kovacs <bela@example.org>", 90, subject="Re: The hut", more=answers)
        self.doings = on_disk(self._mail.drafts)

    @property
    def now(self) -> datetime:
        return self._now

    def later(self, span: timedelta) -> None:
        self._now += span

    def lent(self) -> AbstractContextManager[object]:
        return patch.object(os, "fsync", lambda _: None)

    def configure(self, extra: str) -> None:
        self._mail.configure(extra)

    def look(self) -> list[Lying]:
        kept = [("Later", Draft(path)) for path in (self._later / "cur").iterdir()]
        lying = [("Drafts", one) for one in self._mail.lying() if not one.path.name.endswith("T")]
        return [
            Lying(folder, one.to, str(one.message["Subject"]), one.message.get_content().strip(), one.key)
            for folder, one in (*lying, *kept)
        ]

    @property
    def _draft(self) -> Draft:
        (draft,) = self._mail.lying()
        return draft

    def receive(self, who: str) -> None:
        self._mail.got(who, self._now, subject="Hello you")

    def write(self, who: str) -> None:
        self._mail.wrote(who, self._now, subject="Without the draft")

    def edit(self) -> None:
        draft = self._draft
        message = draft.message
        message.set_content(MINE)
        draft.path.write_bytes(message.as_bytes())

    def rewrite(self) -> None:
        self._mail.rewrite(self._draft, self._now, REWRITTEN)

    def put_away(self) -> None:
        path = self._draft.path
        path.rename(self._later / "cur" / path.name)

    def send(self, *, keep: bool) -> None:
        self._mail.send(self._draft, self._now, "" if keep else "sent.otherwise@client.example")

    def delete(self, *, bin_: bool) -> None:
        path = self._draft.path
        if bin_:
            path.rename(path.with_name(f"{path.name}T"))
        else:
            path.unlink()

    def copy(self) -> Callable[[], None]:
        now = self._now

        def put_back() -> None:
            self._now = now

        return put_back


class TestLifecycle(Lifecycle):
    @pytest.fixture(scope="class")
    @staticmethod
    def theatre(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
        folder = tmp_path_factory.mktemp("files")
        home = folder / "home"
        home.mkdir()
        return Theatre(Disk(home), folder)

    @pytest.mark.parametrize("path", LONG, ids=name_of)
    def test_how_long_auld_waits_is_the_same_everywhere(self, theatre: Theatre, path: Way) -> None:
        assert_goes_its_way(theatre, path)
