"""Sent drafts whose copy comes to lie in Sent late, while something else lies in Drafts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.archive import ANA
from tests.connectors.outlook.place import Place, opened


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with opened(tmp_path) as made:
        made.friend()
        made.run("sync")
        made.later(days=1)  # the service writes nothing on the day of the first sync
        made.run("once")
        made.later(minutes=15)
        yield made


@pytest.mark.parametrize("keeps_id", [True, False])
def test_a_draft_whose_sent_copy_is_late_is_sent_though_a_mail_to_the_same_person_was_begun(
    place: Place, keeps_id: bool
) -> None:
    mailbox = place.graph.mailbox
    ours = place.draft_id
    own = mailbox.write_draft([ANA], "By the way")
    mailbox.sending.lag, mailbox.sending.keeps_id = 300, keeps_id
    mailbox.send_draft(ours)
    place.run("once")  # the copy is nowhere: the other one may be ours, written anew by a mail client
    place.later(minutes=15)
    place.run("once")
    assert place.statuses() == ["sent"]
    assert [one.id(immutable=True) for one in place.drafts] == [own]
