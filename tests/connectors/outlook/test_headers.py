"""What only the headers of the wire tell of a mail: asked for where a list does not bring it, and it decides."""

import math

import pytest

from connectors.types import Mail, Mark
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.scene import ANNA, LIST, OTHER, ROBIN, before, calls, changed, got, ids, wrote
from tests.graph import Graph
from tests.graph.faults import always


def told(home: Home) -> dict[str, Mail]:
    return {mail.message_id.removeprefix("m").partition("@")[0]: mail for one in home.read() for mail in one.items}


def fill(graph: Graph, some: int) -> None:
    wrote(graph, "s", 100)
    for number in range(some):
        got(graph, f"friend{number}", 1 + number, headers=LIST if number % 3 == 0 else ())
        got(graph, f"other{number}", 1 + number, sender=OTHER, headers=LIST)


@pytest.mark.parametrize("brought", [True, False, "some"])
@pytest.mark.parametrize("size", [5, 500])
def test_a_candidates_mails_are_told_with_their_marks_whatever_lists_bring(
    home: Home, brought: bool | str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.outlook.api.PAGE", size)
    home.graph.mail.headers_in_lists = brought  # type: ignore[assignment]
    fill(home.graph, 50)
    mails = told(home)
    assert len(mails) == 101
    for number in range(50):
        listed = mails[f"friend{number}"].marks & (Mark.LIST_ID | Mark.PRECEDENCE)
        assert bool(listed) == (number % 3 == 0)


@pytest.mark.parametrize("some", [0, 1, 19, 20, 21, 50])
@pytest.mark.parametrize("size", [5, 500])
def test_only_a_candidates_mails_are_asked_for_and_twenty_at_a_time(
    home: Home, some: int, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.outlook.api.PAGE", size)
    home.graph.mail.headers_in_lists = False
    fill(home.graph, some)
    assert len(told(home)) == 2 * some + 1
    asked = calls(home.graph, "messages.get")
    assert len(asked) == some
    assert len({one.request for one in asked}) == math.ceil(some / 20)
    assert home.graph.throttle.refused == 0


def test_nothing_is_asked_for_where_lists_bring_headers(home: Home) -> None:
    fill(home.graph, 20)
    told(home)
    assert calls(home.graph, "messages.get") == []


def test_nothing_is_asked_for_about_what_lies_in_junk_or_was_sent_or_is_too_old(home: Home) -> None:
    home.graph.mail.headers_in_lists = False
    wrote(home.graph, "s", 3)
    got(home.graph, "junk", 2, folder="junkemail")
    got(home.graph, "mine", 2, sender=ROBIN, to=[ANNA])
    got(home.graph, "old", 9)
    list(home.mail.changes(None, before(5)))
    assert calls(home.graph, "messages.get") == []


def test_all_of_sent_is_read_before_it_is_known_who_is_a_candidate(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.outlook.api.PAGE", 5)
    home.graph.mail.headers_in_lists = False
    for number in range(30):
        who = f"friend{number}@example.org"
        wrote(
            home.graph, f"s{number}", 10 + number, to=[ROBIN] if number % 2 else [who], cc=[who] if number % 2 else []
        )
        got(home.graph, f"r{number}", 1 + number, sender=who, headers=LIST)
    mails = told(home)
    assert all(mails[f"r{number}"].marks & Mark.LIST_ID for number in range(30))


def test_what_waits_for_its_headers_is_kept_when_a_read_is_broken_off(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.outlook.api.PAGE", 5)
    home.graph.mail.headers_in_lists = False
    fill(home.graph, 30)
    count = len(home.read())
    for stop in range(1, count):
        first = []
        for batch in home.mail.changes(None, None):
            first.append(batch)
            if len(first) == stop:
                break
        rest = home.read(first[-1].cursor)
        assert len(set(ids(first) + ids(rest))) == 61


def test_labels_of_other_programs_in_the_headers_say_nothing(home: Home) -> None:
    """A mail that was exported from Gmail, or says it was, lies where Graph says and nowhere else."""
    got(home.graph, 1, headers=(("X-Gmail-Labels", "Spam,Trash"), ("X-Mozilla-Status", "0009")))
    assert set(told(home)) == {"1"}


@pytest.mark.parametrize(
    ("name", "value", "mark"),
    [
        ("List-Id", "<a.example.net>", Mark.LIST_ID), ("LIST-UNSUBSCRIBE", "<a>", Mark.LIST_UNSUBSCRIBE),
        ("Auto-Submitted", "auto-generated", Mark.AUTO_SUBMITTED), ("Precedence", "bulk", Mark.PRECEDENCE),
        ("Return-Path", "<>", Mark.RETURN_PATH_EMPTY), ("X-Autoreply", "yes", Mark.AUTOREPLY),
        ("Content-Type", "multipart/report; report-type=delivery-status", Mark.REPORT),
        ("X-Failed-Recipients", "eve@example.net", Mark.FAILED_RECIPIENTS),
        ("X-JIRA-FingerPrint", "1", Mark.MACHINE), ("x-github-reason", "mention", Mark.MACHINE),
        ("X-Mailer", "Gitea", Mark(0)), ("X-Auto-Response-Suppress", "All", Mark(0)),
    ],
)  # fmt: skip
def test_each_header_that_tells_a_fact_is_read(home: Home, name: str, value: str, mark: Mark) -> None:
    got(home.graph, 1, headers=((name, value),))
    assert told(home)["1"].marks == mark


def test_an_automatic_reply_is_told_by_its_subject_the_users_own_too(home: Home) -> None:
    got(home.graph, 1, subject="Respuesta autom\u00e1tica: T\u00e9")
    wrote(home.graph, 2, subject="Automatic reply: Tea")
    wrote(home.graph, 3, subject="RE: Automatic reply: Tea")
    assert {number: mail.marks for number, mail in told(home).items()} == {
        "1": Mark.AUTOREPLY, "2": Mark.AUTOREPLY, "3": 0,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["eventMessage", "eventMessageRequest", "eventMessageResponse"])
def test_mails_that_a_calendar_wrote_are_marked(home: Home, kind: str) -> None:
    got(home.graph, 1, kind=kind)
    assert told(home)["1"].marks == Mark.CALENDAR


@pytest.mark.parametrize(
    "headers",
    [None, 7, "x", [], [None], [[]], [{}], [{"name": 1, "value": 2}], [{"name": "List-Id"}], [{"value": "x"}]],
)
def test_odd_headers_cost_no_other_fact(home: Home, headers: object) -> None:
    got(home.graph, 1)

    def spoil(document: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
        for row in document["value"]:
            row["internetMessageHeaders"] = headers
        return document

    home.graph.plan = always(changed(spoil), "messages.list")
    assert told(home)["1"].sender is not None
