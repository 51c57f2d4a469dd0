"""Every hold of the rules: `auld why` says it in text and in JSON, and who is held is due but not on the `due` list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tests.cli.archive import ANA, MAIN_ACCOUNT, NOW, Home, after, before, listed

_REPORT = (
    'Return-Path: <>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n'
)
_BOUNCE = (
    "--b\nContent-Type: text/plain\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; ana@example.org\nAction: failed\n"
    "Status: 5.1.1\n\n--b--\n"
)


def _muted(home: Home) -> None:
    home.run("mute", "ana")


def _never(home: Home) -> None:
    home.configure(listed("Ana Lima", more="never = true"))


def _snoozed(home: Home) -> None:
    home.run("snooze", "ana", "2027-01-15")


def _paused(home: Home) -> None:
    home.run("pause", "2 weeks")


def _draft_open(home: Home) -> None:
    home.run("draft", "ana")


def _own_draft(home: Home) -> None:
    home.begin(ANA)
    home.run("once")


def _meeting_ahead(home: Home) -> None:
    home.meet(ANA, after(days=10))
    home.run("sync")


def _they_wrote_last(home: Home) -> None:
    home.got(at=20)
    home.configure(listed("Ana Lima", every="1 week"))
    home.run("sync")


def _dead(home: Home) -> None:
    home.got("MAILER-DAEMON@example.com", 2, subject="Undelivered", more=_REPORT, body=_BOUNCE)
    home.run("sync")


def _no_address(home: Home) -> None:
    home.configure('[[people]]\nname = "Ana Lima"\n[[people]]\nname = "Somebody Nobodyknows"\nevery = "1 month"\n')


def _unread(home: Home) -> None:
    home.inbox.rename(home.path / "elsewhere")
    home.run("sync", code=(1, 69))


def _not_read_yet(home: Home) -> None:
    second = '[[accounts]]\nname = "second"\nkind = "files"\nsent = "Mail/Sent"\n'
    home.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + second)


@dataclass(frozen=True)
class Case:
    """What brings a hold about, and the sentence that tells of it."""

    cause: Callable[[Home], None]
    sentence: str
    who: str = "Ana Lima"


CASES = {
    "muted": Case(_muted, "muted"),
    "never = true": Case(_never, "never = true in the config"),
    "snoozed": Case(_snoozed, "snoozed until 15 Jan 2027"),
    "paused": Case(_paused, "all drafts are paused until 8 Dec 2026"),
    "a draft of auld's is open": Case(_draft_open, "a draft of 24 Nov 2026 waits in archive"),
    "a draft of the user's own": Case(_own_draft, "a draft of your own to them lies in Drafts"),
    "a meeting ahead": Case(_meeting_ahead, "you meet on 4 Dec 2026, within 2 weeks"),
    "they wrote last": Case(_they_wrote_last, "they wrote last, on 4 Nov 2026; it is yours to answer until 4 Dec 2026"),
    "every address is dead": Case(_dead, "their address bounces"),
    "no address": Case(_no_address, "no address of theirs is known", "Somebody Nobodyknows"),
    "an account could not be read": Case(_unread, 'account "archive" could not be read'),
    "an account is not read yet": Case(_not_read_yet, 'account "second" is not read yet'),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_hold_shows_in_why_and_keeps_its_person_from_the_due_list(ana: Home, case: Case) -> None:
    """Rules: a draft is held back (and `why` says so); `due` leaves out who is held; `due: true` ignores holds."""
    assert ana.due() == ["Ana Lima"], "without the hold they would be due"
    case.cause(ana)
    why = ana.ask("why", case.who)
    assert why["hold"].startswith(case.sentence)
    assert why["person"]["due"] is True
    assert why["person"]["hold"] == why["hold"]
    assert f"Held back: {case.sentence}" in ana.run("why", case.who).out
    assert case.who not in ana.due()
    [person] = [one for one in ana.ask("people", "--all") if one["name"] == case.who]
    assert person["hold"] == why["hold"]
    assert case.who not in [one["person"] for one in ana.ask("draft", "--dry-run")]


@pytest.mark.parametrize(
    ("cause", "free"),
    [
        (_snoozed, datetime(2027, 1, 15, 8, tzinfo=NOW.tzinfo)),
        (_paused, after(days=15)),
        (_meeting_ahead, before(5)),
        (_they_wrote_last, after(days=11)),
    ],
)
def test_a_hold_ends_when_its_time_is_over(ana: Home, cause: Callable[[Home], None], free: datetime) -> None:
    cause(ana)
    assert ana.due() == []
    assert ana.ask("why", "ana", now=free)["hold"] is None
    assert ana.due(free) == ["Ana Lima"]


def test_a_meeting_that_either_declined_holds_nothing_back(ana: Home) -> None:
    """Rules: a meeting with them is ahead, declined by neither."""
    ana.meet(ANA, after(days=3), answer="DECLINED")
    ana.run("sync")
    assert ana.due() == ["Ana Lima"]


def test_a_cancelled_meeting_ahead_holds_nothing_back(ana: Home) -> None:
    ana.meet(ANA, after(days=3), "STATUS:CANCELLED")
    ana.run("sync")
    assert ana.due() == ["Ana Lima"]


def test_a_meeting_beyond_the_horizon_shows_but_holds_nothing_back(ana: Home) -> None:
    """Rules: starting within `horizon`; `next_meeting` is the first such within 365 days."""
    ana.meet(ANA, after(days=15))
    ana.run("sync")
    assert ana.person("ana@example.org")["next_meeting"] == "2026-12-09T10:00:00Z"
    assert ana.due() == ["Ana Lima"]


def test_a_mail_of_theirs_left_for_thirty_days_holds_nothing_back_any_more(ana: Home) -> None:
    """Rules: unanswered for less than 30 days."""
    ana.got(at=31)
    ana.configure(listed("Ana Lima", every="1 week"))
    ana.run("sync")
    assert ana.due() == ["Ana Lima"]


def test_an_address_that_writes_again_is_not_dead(ana: Home) -> None:
    """Rules: a permanent failure, and no mail from it since."""
    _dead(ana)
    assert ana.due() == []
    ana.got(at=before(1))
    ana.run("sync")
    assert "bounce" not in ana.run("why", "ana").out


def test_a_full_mailbox_does_not_kill_an_address(ana: Home) -> None:
    """Rules: 4.x, full mailboxes, blocked content: never."""
    ana.got("MAILER-DAEMON@example.com", 2, more=_REPORT, body=_BOUNCE.replace("5.1.1", "5.2.2"))
    ana.run("sync")
    assert ana.due() == ["Ana Lima"]


def test_a_person_with_one_address_left_is_written_to_there(ana: Home) -> None:
    """Rules: to the address they were last in contact by (not a dead one)."""
    _dead(ana)
    ana.configure(
        '[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org", "ana@home.example.net"]\nevery = "1 month"\n'
    )
    [draft] = ana.ask("draft")
    assert draft["to"] == "ana@home.example.net"


def test_several_holds_are_all_told_and_the_first_is_the_hold(ana: Home) -> None:
    _paused(ana)
    _muted(ana)
    why = ana.ask("why", "ana")
    assert why["hold"] == "muted"
    assert [one["text"] for one in why["holds"]] == ["muted", "all drafts are paused until 8 Dec 2026"]
    assert ana.run("why", "ana").out.count("Held back: ") == 2


def test_a_hold_shows_also_when_nobody_is_due(ana: Home) -> None:
    """Interface: `hold` is set whenever a hold applies, due or not."""
    ana.configure(listed("Ana Lima", every="1 year"))
    assert ana.ask("why", "ana")["hold"] is None
    _paused(ana)
    assert ana.person("ana@example.org")["due"] is False
    assert ana.person("ana@example.org")["hold"] == "all drafts are paused until 8 Dec 2026"


def test_due_says_whom_it_leaves_out_and_why(ana: Home) -> None:
    _paused(ana)
    ran = ana.run("due")
    assert ran.out == ""
    assert "1 person is due but held back" in ran.err
    assert "Ana Lima: all drafts are paused until 8 Dec 2026" in ran.err


@pytest.mark.parametrize(
    "cause", [_muted, _never, _draft_open, _own_draft, _dead], ids=["muted", "never", "open", "own", "dead"]
)
def test_a_firm_hold_stops_a_draft_asked_for_by_name_too(ana: Home, cause: Callable[[Home], None]) -> None:
    cause(ana)
    lying = len(ana.lying())
    ran = ana.run("draft", "ana", code=1)
    assert "not written to Ana Lima: " in ran.err
    assert len(ana.lying()) == lying


@pytest.mark.parametrize(
    "cause", [_snoozed, _paused, _meeting_ahead, _unread], ids=["snooze", "pause", "meet", "stale"]
)
def test_a_draft_asked_for_by_name_is_written_with_a_warning_against_a_soft_hold(
    ana: Home, cause: Callable[[Home], None]
) -> None:
    """A round drafts nothing while an account is unread, but `auld draft PERSON` still works, with a warning."""
    cause(ana)
    ran = ana.run("draft", "ana")
    assert "Note: by itself auld would wait: " in ran.err
    assert len(ana.lying()) == 1


def test_an_untouched_draft_asked_for_during_a_snooze_is_not_withdrawn_for_it(ana: Home) -> None:
    _snoozed(ana)
    ana.run("draft", "ana", now=after(minutes=5))
    ana.run("once", now=after(minutes=10))
    assert len(ana.lying()) == 1


def test_listed_and_never_seen_is_due_now(home: Home) -> None:
    """Rules: listed and no contact ever: due now."""
    home.wrote("Somebody Else <else@example.net>")
    home.configure(listed("Ana Lima"))
    home.run("sync")
    [due] = home.ask("due")
    assert due["last_contact"] is None
    assert due["name"] == "Ana Lima"
    assert datetime.fromisoformat(due["due_at"]) <= NOW + timedelta(seconds=1)
