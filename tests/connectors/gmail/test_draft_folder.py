"""A folder of many drafts, and odd ones among them: what a look through it costs, and that one stops no other."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import BadReply
from tests.cli.archive import listed
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import calls
from tests.connectors.gmail.test_drafts import NEW
from tests.connectors.gmail.town import Town, town
from tests.google import Fault, Google
from tests.google.answers import Reply
from tests.google.faults import Plan, once, reset


def begin(google: Google, count: int) -> list[str]:
    """Let the user begin so many mails to people nobody waits for; return the drafts' ids, the newest first."""
    made = [
        google.mailbox.write_draft(f"To: p{number}@example.net\r\nSubject: S{number}\r\n\r\nHello\r\n".encode())
        for number in range(count)
    ]
    return made[::-1]


def cost(google: Google, do: Callable[[], object]) -> int:
    """Return how many units something costs."""
    before = google.quota.units
    do()
    return google.quota.units - before


def test_a_second_look_through_the_folder_costs_a_list_and_what_changed(home: Home) -> None:
    google, box = home.google, home.drafts
    lying = begin(google, 40)
    assert cost(google, lambda: list(box.all())) == 5 + 40 * 20
    first = list(box.all())
    assert [ref.id for ref in first] == lying
    assert cost(google, lambda: list(box.all())) == 5
    assert cost(google, lambda: box.find("nobody@example.com")) == 5
    google.mailbox.edit_draft(lying[3], subject="Mine now")
    google.mailbox.delete_draft(lying[4])
    google.mailbox.trash(google.mailbox.drafts[lying[5]])
    (new,) = begin(google, 1)
    told = {ref.id: ref for ref in first}
    assert cost(google, lambda: told.update({ref.id: ref for ref in box.all()})) == 5 + 2 * 20
    assert told[lying[3]].subject == "Mine now"
    assert told[lying[3]].revision != first[3].revision
    assert {ref.id for ref in box.all()} == {new, *lying} - {lying[4], lying[5]}


def test_a_search_that_was_broken_off_is_gone_on_with(home: Home) -> None:
    google, box = home.google, home.drafts
    begin(google, 40)
    key = google.mailbox.draft(begin(google, 1)[0]).message_id.strip("<>")
    assert cost(google, lambda: box.find(key)) == 5 + 10 * 20, "the newest come first"
    assert cost(google, lambda: list(box.all())) == 5 + 31 * 20


def test_a_draft_alone_is_read_anew_each_time(home: Home) -> None:
    box = home.drafts
    ref = box.create(NEW)
    list(box.all())
    home.google.mailbox.trash(home.google.mailbox.drafts[ref.id])
    assert box.get(ref) is None
    assert box.withdraw(ref) is False


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        made.run("sync")
        made.later(days=1)
        yield made


def test_a_round_reads_each_draft_once_however_often_it_looks(place: Town) -> None:
    begin(place.google, 60)
    place.google.plan = once(reset("before"), method="drafts.create")
    place.run("once", code=1)
    place.google.plan = None
    place.configure(listed("Ana Lima", "Bela Kovacs"))
    place.friend("Bela Kovacs <bela@example.org>", 100)
    for ours in range(2):
        place.later(minutes=15)
        start = len(place.google.log)
        place.run("once")
        assert len(calls(place.google, "drafts.get", start)) == 60 + 2 * ours, "ours by itself besides"
        assert len(calls(place.google, "drafts.list", start)) == 4
    assert sorted(place.statuses()) == ["open", "open"]


# -- odd ones ------------------------------------------------------------------------------------------------------


def altered(alter: Callable[[Any], Any]) -> Fault:
    """Return a fault that alters an answer's document."""

    def spoil(true: Reply) -> Reply:
        return Reply(true.status, json.dumps(alter(json.loads(true.body))).encode(), true.kind, true.headers)

    return Fault("altered", "after", spoil=spoil)


def odd_draft(draft: str, alter: Callable[[Any], Any]) -> Plan:
    """Return a plan by which what Gmail tells of one draft is odd."""
    return lambda call: altered(alter) if call.path.endswith(f"/drafts/{draft}") else None


def _less(*path: str) -> Callable[[Any], Any]:
    def alter(told: Any) -> Any:
        inner = told
        for name in path[:-1]:
            inner = inner[name]
        del inner[path[-1]]
        return told

    return alter


def _message(**changes: Any) -> Callable[[Any], Any]:
    return lambda told: told | {"message": told["message"] | changes}


ODD = {
    "no id": _less("id"),
    "no message": _less("message"),
    "message of another shape": lambda told: told | {"message": ["x"]},
    "no id of the message": _less("message", "id"),
    "labels of another shape": _message(labelIds=[["DRAFT"], 7]),
    "headers of another shape": _message(payload={"headers": [{"name": "To"}, 7]}),
    "payload of another shape": _message(payload="none"),
}


@pytest.mark.parametrize("alter", ODD.values(), ids=ODD)
def test_one_odd_draft_stops_no_other(home: Home, alter: Callable[[Any], Any]) -> None:
    ref = home.drafts.create(NEW)
    lying = begin(home.google, 25)
    home.google.plan = odd_draft(lying[7], alter)
    box = home.drafts
    assert [one.id for one in box.all()] == [*lying[:7], *lying[8:], ref.id]
    found = box.find(NEW.key)
    assert found is not None
    assert found.id == ref.id


@pytest.mark.parametrize("alter", ODD.values(), ids=ODD)
def test_an_odd_draft_that_may_be_ours_is_never_taken_for_none(home: Home, alter: Callable[[Any], Any]) -> None:
    ref = home.drafts.create(NEW)
    begin(home.google, 3)
    home.google.plan = odd_draft(ref.id, alter)
    box = home.drafts
    with pytest.raises(BadReply, match=ref.id):
        box.find(NEW.key)
    for ask in (box.get, box.withdraw):
        with pytest.raises(BadReply):
            ask(ref)
    home.google.plan = None
    assert box.find(NEW.key) is not None


@pytest.mark.parametrize("row", [{}, {"id": 7}, {"id": "a b"}, "x", None], ids=repr)
def test_an_odd_row_of_the_list_stops_no_other(home: Home, row: Any) -> None:
    lying = begin(home.google, 3)
    fault = altered(lambda told: told | {"drafts": [told["drafts"][0], row, *told["drafts"][1:]]})
    home.google.plan = lambda call: fault if call.method.endswith("drafts.list") else None
    assert [one.id for one in home.drafts.all()] == lying
    with pytest.raises(BadReply):
        home.drafts.find(NEW.key)


def test_an_odd_draft_of_the_users_own_stops_no_draft_of_ours(place: Town) -> None:
    (odd,) = begin(place.google, 1)
    place.google.plan = odd_draft(odd, _less("message", "id"))
    place.run("once")
    assert place.statuses() == ["open"]
    place.later(minutes=15)
    place.run("once")
    assert place.statuses() == ["open"]


def test_while_an_odd_draft_may_be_the_one_that_was_cut_off_it_waits_and_the_others_are_seen(place: Town) -> None:
    google = place.google
    place.run("once")
    ana = place.draft
    place.configure(listed("Ana Lima", "Bela Kovacs"))
    place.friend("Bela Kovacs <bela@example.org>", 100)
    place.run("sync")
    google.plan = once(reset("after"), method="drafts.create")
    place.run("draft", code=1)
    (bela,) = set(google.mailbox.drafts) - {ana}
    google.plan = odd_draft(bela, _less("message", "id"))
    google.mailbox.edit_draft(ana, body="Mine now")
    for _ in range(3):
        place.later(minutes=15)
        said = place.run("once", code=1).err
        assert "the draft to Bela Kovacs could not be looked at: Gmail gave a draft that cannot be understood" in said
        assert f"(its id is {bela})" in said
    assert {one["person"]: one["status"] for one in place.ask("drafts")} == {
        "Ana Lima": "edited",
        "Bela Kovacs": "planned",
    }
    google.plan = None
    place.later(minutes=15)
    place.run("once")
    assert {one["person"]: one["status"] for one in place.ask("drafts")} == {
        "Ana Lima": "edited",
        "Bela Kovacs": "open",
    }
    assert set(google.mailbox.drafts) == {ana, bela}
