"""One odd message or change in what Gmail answers: it is left out and told, and stops nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import ARCHIVED, UNUSABLE, before, changed, got, ids, letter, sentences, wrote
from tests.google.faults import Plan

Change = Callable[[dict[str, Any]], object]

ODD: dict[str, Change] = {
    "no id": lambda one: one.pop("id"),
    "an id that is a verb": lambda one: one.update(id="send"),
    "an id that leads up": lambda one: one.update(id=".."),
    "half a character in the id": lambda one: one.update(id="18c\ud800"),
    "no thread": lambda one: one.pop("threadId"),
    "labels that are no list": lambda one: one.update(labelIds={"SENT": True}),
    "labels that are no texts": lambda one: one.update(labelIds=[7]),
    "headers that are no list": lambda one: one.update(payload={"headers": "From: x"}),
    "a payload that is a list": lambda one: one.update(payload=[]),
    "no time and no date": lambda one: one.update(internalDate=None, payload={"headers": []}),
}
TIMES: list[object] = [
    None,
    float("nan"),
    float("inf"),
    True,
    "x",
    "9" * 5000,
    10**18,
    "-99999999999999999",
    -1,
    0,
    [],
    "253402300800000",
]


def of(number: str, change: Change) -> Plan:
    """Return a plan that changes what is told of the message `number`, got by itself or in its thread."""

    def spoil(document: Any) -> Any:
        for one in document.get("messages", [document]):
            if one["id"] == number:
                change(one)
        return document

    return lambda call: changed(spoil) if call.method.endswith((".messages.get", "threads.get")) else None


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "in a thread"])
@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_an_odd_message_is_left_out_of_a_first_read_and_told_once(home: Home, change: Change, alone: bool) -> None:
    google = home.google
    for number in range(6):
        wrote(google, number, 10 + number, subject=f"Letter {number}")
    odd = (
        wrote(google, "odd", 5, subject="Odd")
        if alone
        else got(google, "odd", 9, ARCHIVED, answers=3, subject="Re: Letter 3")
    )
    for number in range(3):
        got(google, f"in{number}", 3 + number, subject=f"Got {number}")
    google.plan = of(odd, change)
    batches = home.read()
    assert sorted(ids(batches)) == ["0", "1", "2", "3", "4", "5", "in0", "in1", "in2"]
    (problem,) = sentences(batches)
    assert problem.endswith("cannot be understood; it was left out.")
    assert "example" not in problem
    assert home.read(batches[-1].cursor) == []


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_an_odd_message_of_the_inbox_or_among_the_news_is_left_out_and_told_once(home: Home, change: Change) -> None:
    google = home.google
    google.plan = of(got(google, "odd", 5, subject="Odd"), change)
    got(google, "fine", 6, subject="Fine")
    batches = home.read()
    assert (ids(batches), len(sentences(batches))) == (["fine"], 1)
    google.plan = of(got(google, "odd too", 0, subject="Odd too"), change)
    got(google, "new", 0, subject="New")
    news = home.read(batches[-1].cursor)
    assert (ids(news), len(sentences(news))) == (["new"], 1)
    assert home.read(news[-1].cursor) == []


@pytest.mark.parametrize("told", TIMES, ids=lambda one: repr(one)[:20])
def test_a_time_that_is_none_costs_no_more_than_the_time(home: Home, told: object) -> None:
    google = home.google
    odd = got(google, "odd", 5, subject="Odd")
    for number in range(30):
        got(google, number, 6 + number, subject=f"Letter {number}")
    google.plan = of(odd, lambda one: one.update(internalDate=told))
    batches = list(home.mail.changes(None, before(1000)))
    mails = {mail.message_id: mail for batch in batches for mail in batch.items}
    assert len(mails) == 31, "and reading does not end there"
    assert (mails["modd@example.org"].dated_at, mails["modd@example.org"].received_at) == (before(5), None)
    assert sentences(batches) == []
    assert "odd" not in ids(home.mail.changes(None, before(4)))


def test_a_date_of_long_ago_does_not_end_the_reading_where_gmail_tells_no_time(home: Home) -> None:
    google = home.google
    odd = google.mailbox.deliver(letter("odd", 9000, subject="Odd"), ("INBOX",), before(5))
    for number in range(30):
        got(google, number, 6 + number, subject=f"Letter {number}")
    google.plan = of(odd, lambda one: one.pop("internalDate"))
    assert sorted(map(int, ids(home.mail.changes(None, before(1000))))) == list(range(30))


def test_one_odd_header_costs_no_other_fact_of_its_mail(home: Home) -> None:
    google = home.google

    def change(one: dict[str, Any]) -> None:
        one["payload"]["headers"] += [
            None,
            7,
            {},
            {"name": "Cc"},
            {"value": "x"},
            {"name": [], "value": "x"},
            {"name": "Cc", "value": 5},
        ]
        one["payload"]["headers"].insert(0, {"name": "\ud800", "value": "\ud800"})

    google.plan = of(got(google, 1, 5), change)
    batches = home.read()
    assert (ids(batches), sentences(batches)) == (["1"], [])


@pytest.mark.parametrize("number", UNUSABLE, ids=range(len(UNUSABLE)))
def test_a_message_that_is_listed_under_no_usable_id_is_left_out_and_told_once(home: Home, number: object) -> None:
    google = home.google
    wrote(google, "fine", 5, subject="Fine")
    got(google, "in", 5, subject="In")

    def change(document: Any) -> Any:
        return document | {"messages": [{"id": number, "threadId": number}, *document.get("messages", []), 7]}

    google.plan = lambda call: changed(change) if call.method.endswith("messages.list") else None
    batches = home.read()
    assert sorted(ids(batches)) == ["fine", "in"]
    assert sentences(batches) == ["What Gmail tells of a message cannot be understood; it was left out."]


RECORDS: dict[str, Change] = {
    "no id": lambda one: one.pop("id"),
    "half a character in the id": lambda one: one.update(id="\ud800"),
    "a change that is none": lambda one: one.update(labelsAdded=[7]),
    "a change of no message": lambda one: one.update(labelsAdded=[{}]),
    "labels that are no list": lambda one: one.update(
        labelsRemoved=[{"labelIds": "INBOX", "message": {"id": "1", "threadId": "1"}}]
    ),
    "a message with an id that is a verb": lambda one: one["messagesAdded"].append(
        {"message": {"id": "send", "threadId": "import", "labelIds": ["SENT"]}}
    ),
}


@pytest.mark.parametrize("change", RECORDS.values(), ids=RECORDS)
def test_an_odd_record_of_the_history_costs_no_mail(home: Home, change: Change) -> None:
    google = home.google
    cursor = home.read()[-1].cursor
    for number in range(3):
        got(google, number, 0, subject=f"Letter {number}")

    def spoil(document: Any) -> Any:
        change(document["history"][1])
        return document

    google.plan = lambda call: changed(spoil) if call.method.endswith("history.list") else None
    news = home.read(cursor)
    assert sorted(ids(news)) == ["0", "1", "2"]
    assert len(sentences(news)) <= 1
    google.plan = None
    assert home.read(news[-1].cursor) == []


def test_a_record_that_is_none_is_told_and_the_others_read(home: Home) -> None:
    google = home.google
    cursor = home.read()[-1].cursor
    got(google, 1, 0)
    odd = changed(lambda document: document | {"history": [7, {"messagesAdded": 5}, *document["history"]]})
    google.plan = lambda call: odd if call.method.endswith("history.list") else None
    news = home.read(cursor)
    assert ids(news) == ["1"]
    assert sentences(news) == [
        "What Gmail tells of a record of the mailbox's history cannot be understood; it was left out."
    ]
