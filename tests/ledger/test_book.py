"""The ledger: what goes in comes out again, however often it is told and however it is packed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.types import Address, Answer, Failure, Mail, Mark
from daemon.ledger import Ledger
from daemon.ledger.meetings import AWAY
from tests.facts import ME, NOW, ledger_of, mail, meeting, number_of, of, received, sent, world_of

emails = st.sampled_from(["ana@example.org", "Ben@example.net", "cleo@example.com", ME, "no-reply@example.com"])
addresses = st.builds(Address, emails, st.sampled_from(["", "Ana Lima", "Ben Ode", "日本 太郎", 'x" <y>\\']))
mails = st.builds(
    Mail,
    message_id=st.sampled_from(["", *(f"m{one}" for one in range(6))]),
    dated_at=st.none()
    | st.datetimes(datetime(1980, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=NOW.tzinfo)),
    received_at=st.none() | st.just(NOW),
    sender=st.none() | addresses,
    recipients=st.lists(addresses, max_size=4).map(tuple),
    subject=st.sampled_from(["Hello", "Re: Hello", ""]),
    thread=st.sampled_from(["", "t1", "m1"]),
    marks=st.sampled_from([0, 0, int(Mark.LIST_ID)]),
    in_sent=st.sampled_from([None, True, False]),
    truncated=st.booleans(),
    reply_to=st.none() | addresses,
    lists=st.sampled_from([(), ("crew@lists.example.com",)]),
    failures=st.sampled_from([(), (Failure("ana@example.org", "", "5.1.1", permanent=True),)]),
    salutation=st.sampled_from(["", "Hi", "Dear"]),
)
batches = st.lists(st.lists(mails, max_size=5), max_size=6)


def facts_of(ledger: Ledger) -> dict[str, Any]:
    """Return all that a ledger knows, by words instead of numbers."""
    name = dict(enumerate(ledger.addresses)) | {-1: ""}
    table = ledger.mails
    return {
        "rows": [
            (
                table.at[row], name[table.sender[row]], [name[one] for one in ledger.groups[table.group[row]]],
                table.marks[row], table.flags[row], ledger.accounts[table.account[row]], table.key[row],
                table.thread[row], name[ledger.authors.get(row, -1)],
            )
            for row in range(len(table))
        ],
        "own": {name[number]: names for number, names in ledger.own_names.items()},
        "given": {name[number]: names for number, names in ledger.given_names.items()},
        "greeted": {name[number]: told for number, told in ledger.greeted.items()},
        "lists": {name[number] for number in ledger.lists},
        "failures": ledger.failures,
        "meetings": ledger.meetings,
        "details": ledger.details,
    }  # fmt: skip


def reload(pages: Sequence[Any], titles: Sequence[Any] = ()) -> Ledger:
    """Return the ledger that its pages make, after the way through JSON."""
    ledger = Ledger()
    for page in pages:
        ledger.load(orjson.loads(orjson.dumps(page)))
    ledger.load_titles(titles)
    return ledger


@settings(max_examples=150)
@given(batches)
def test_the_pages_give_the_same_ledger_again(batches: list[list[Mail]]) -> None:
    ledger, pages = Ledger(), []
    for batch in batches:
        page = ledger.add_mails("archive", batch)
        if page is not None:
            pages.append({key: value for key, value in page.items() if key != "titles"})
    assert facts_of(reload(pages, ledger.title_rows())) == facts_of(ledger)


@settings(max_examples=150)
@given(batches)
def test_packing_many_pages_into_few_changes_nothing(batches: list[list[Mail]]) -> None:
    ledger = Ledger()
    for batch in batches:
        ledger.add_mails("archive", batch)
    again = reload(list(ledger.pages()), ledger.title_rows())
    assert facts_of(again) == facts_of(ledger)
    for batch in batches:
        again.add_mails("archive", batch)
    assert facts_of(again)["rows"] == facts_of(ledger)["rows"]


@settings(max_examples=100)
@given(batches, st.data())
def test_facts_told_again_change_nothing(batches: list[list[Mail]], data: st.DataObject) -> None:
    ledger = Ledger()
    for batch in batches:
        ledger.add_mails("archive", batch)
    before = facts_of(ledger)
    told = [one for batch in batches for one in batch]
    again = data.draw(st.lists(st.sampled_from(told), max_size=8)) if told else []
    assert ledger.add_mails("archive", again) is None or facts_of(ledger)["rows"] == before["rows"]
    assert facts_of(ledger)["rows"] == before["rows"]
    assert facts_of(ledger)["failures"] == before["failures"]


def test_meetings_survive_pages_and_packing_and_removal() -> None:
    one, two = (
        meeting(ME, {"Ana Lima <ana@example.org>": Answer.ACCEPTED}),
        meeting("ben@example.net", {ME: Answer.TENTATIVE}),
    )
    ledger = Ledger()
    pages = [
        ledger.add_meetings("home", [one, two], ()),
        ledger.add_meetings("home", [replace(one, cancelled=True)], [two.key]),
    ]
    assert ledger.add_meetings("home", [replace(one, cancelled=True)], [two.key]) is None
    kept = [{key: value for key, value in page.items() if key != "titles"} for page in pages if page is not None]
    assert facts_of(reload(kept, ledger.title_rows())) == facts_of(ledger)
    assert facts_of(reload(list(ledger.pages()), ledger.title_rows())) == facts_of(ledger)
    assert ledger.meeting_keys("home") == [one.key]


def test_of_a_meeting_it_is_kept_that_the_user_is_away() -> None:
    day = meeting(ME, all_day=True, ordinary=False)
    ledger = Ledger()
    pages = [ledger.add_meetings("home", [day], ()), ledger.add_meetings("home", [replace(day, away=True)], ())]
    (fact,) = ledger.meetings.values()
    assert fact.flags & AWAY
    kept = [{key: value for key, value in page.items() if key != "titles"} for page in pages if page is not None]
    assert len(kept) == 2, "what is told anew of an entry that was known is news"
    assert facts_of(reload(kept))["meetings"] == facts_of(ledger)["meetings"]
    ledger.add_meetings("home", [day], ())
    (fact,) = ledger.meetings.values()
    assert not fact.flags & AWAY


def test_a_forgotten_person_leaves_no_trace_and_is_not_learned_again() -> None:
    facts = [
        received("Ana Lima <ana@example.org>"), sent(["ana@example.org", "Ben Ode <ben@example.net>"], days=20),
        received("Ben Ode <ben@example.net>", days=30),
    ]  # fmt: skip
    ledger = ledger_of(
        facts,
        [meeting("ana@example.org", {ME: Answer.ACCEPTED, "ben@example.net": Answer.ACCEPTED}, title="Ana's party")],
    )
    clean = ledger.without({"ana@example.org"}, lambda email: email == "ana@example.org")
    text = repr(facts_of(clean)).lower()
    assert "ana" not in text
    assert of(world_of(ledger=clean), "ben@example.net").sent == 1
    clean.add_mails("archive", [*facts, received("Ana Lima <ANA@example.org>", days=1)])
    assert "ana@" not in repr(facts_of(clean)).lower()


def test_an_address_is_one_whatever_its_case() -> None:
    world = world_of(received("Ana Lima <Ana@Example.ORG>"), received("ana@example.org", days=5))
    assert of(world, "ana@example.org").received == 2
    assert world.ledger.addresses.count("ana@example.org") == 1


def test_the_page_of_a_meeting_whose_people_are_all_known_holds_its_title() -> None:
    ledger = ledger_of([sent("ana@example.org")])
    page = ledger.add_meetings("archive", [meeting("ana@example.org", {ME: Answer.ACCEPTED}, title="Lunch")], ())
    assert page is not None
    assert [row[2] for row in page["titles"]] == ["Lunch"]


def test_titles_of_many_newer_mails_drive_out_the_old_ones() -> None:
    ledger = ledger_of(
        [received("Ana Lima <ana@example.org>", days=day, subject=f"About {day}") for day in range(400, 0, -1)]
    )
    assert {detail.title for detail in ledger.details.values()} == {f"About {day}" for day in range(1, 9)}


def test_a_title_stays_while_one_of_its_people_still_needs_it() -> None:
    old = sent(["Ana Lima <ana@example.org>", "Ben Ode <ben@example.net>"], days=500, subject="The three of us")
    ledger = ledger_of([old, *(received("Ana Lima <ana@example.org>", days=day) for day in range(1, 30))])
    assert "The three of us" in {detail.title for detail in ledger.details.values()}


def test_bulk_mail_leaves_no_title() -> None:
    assert ledger_of([received("Shop <shop@acme.example.com>", marks=int(Mark.LIST_ID))]).details == {}


def test_the_recipients_of_a_mail_are_kept_whatever_their_order() -> None:
    one, two = mail(ME, ["a@example.com", "b@example.com"]), mail(ME, ["b@example.com", "a@example.com"])
    ledger = ledger_of([one, two])
    assert len(ledger.groups) == 1
    assert number_of(world_of(ledger=ledger), "a@example.com") != number_of(world_of(ledger=ledger), "b@example.com")


def test_the_newest_name_wins_and_a_name_of_ones_own_beats_a_given_one() -> None:
    world = world_of(
        sent("Mum <ana@example.org>", days=1), received("Ana Lima <ana@example.org>", days=20),
        received("Ana Lima-Ode <ana@example.org>", days=10), received("ana@example.org", days=5),
    )  # fmt: skip
    assert of(world, "ana@example.org").person.name == "Ana Lima-Ode"
    assert of(world_of(sent("Ana Lima <ana@example.org>")), "ana@example.org").person.name == "Ana Lima"


def test_moments_round_down_to_whole_seconds() -> None:
    at = NOW - timedelta(days=1, microseconds=1)
    last = of(world_of(received("Ana Lima <ana@example.org>", dated_at=at)), "ana@example.org").last
    assert last is not None
    assert last.at == NOW - timedelta(days=1, seconds=1)
