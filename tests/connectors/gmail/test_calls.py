"""What becomes of calls that Google refuses, loses, or answers with something else."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from connectors.errors import BadReply, ConnectorError, LoginNeeded, Refused, Unavailable
from connectors.gmail import wire
from connectors.gmail.calls import TRIES
from tests.connectors.contract import DraftsContract
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import calls, got, ids, wrote
from tests.google import Call, Fault
from tests.google.answers import Reply, error
from tests.google.faults import FORBIDDEN, always, hang, html, once, portal, reset, revoked, shape, status, truncated

DRAFT = DraftsContract.draft()


def fill(home: Home, count_of: int = 30) -> set[str]:
    for number in range(count_of):
        wrote(home.google, number, 10 + number, subject=f"Letter {number}")
    return {str(number) for number in range(count_of)}


def waits(home: Home) -> list[float]:
    """Have every wait written down; return the list they are written to."""
    noted: list[float] = []
    wait = home.google.clock.wait

    def note(seconds: float) -> None:
        noted.append(seconds)
        wait(seconds)

    object.__setattr__(home.host, "wait", note)
    return noted


# -- tried again -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["getProfile", "messages.list", "messages.get"])
@pytest.mark.parametrize(
    "fault",
    [
        status(500), status(502), status(503), status(503, applied="after"), html(), html(200), portal(), truncated(),
        reset(), reset("after"), reset(how="close"), reset("after", "close"), shape([]), shape(None), shape(7),
        status(429), FORBIDDEN["rateLimitExceeded"], FORBIDDEN["userRateLimitExceeded"], status(401),
    ],
    ids=lambda fault: fault.name,
)  # fmt: skip
def test_a_read_that_fails_once_is_asked_again_and_nothing_is_lost(home: Home, fault: Fault, method: str) -> None:
    everything = fill(home, 12)
    home.google.plan = once(fault, method=method)
    assert ids(home.read()) == sorted(everything, key=int)
    assert len(home.google.faults) == 1


def test_parts_of_a_batch_that_fail_each_in_its_own_way_are_all_got_in_the_end(home: Home) -> None:
    everything = fill(home)
    faults: Iterator[Fault] = iter([
        status(401), status(429), status(503), FORBIDDEN["userRateLimitExceeded"], status(500, retry_after=7),
        shape([]), status(429, retry_after=9),
    ] * 3)  # fmt: skip
    home.google.plan = lambda call: next(faults, None) if call.part in {1, 2, 4, 5, 7} else None
    assert ids(home.read()) == sorted(everything, key=int)


def test_of_a_batch_what_is_not_there_any_more_is_left_out(home: Home) -> None:
    fill(home)
    home.google.plan = lambda call: status(404) if call.part == 2 else None
    assert 20 < len(ids(home.read())) < 30
    assert home.google.faults


@pytest.mark.parametrize("code", [429, 503, 500])
@pytest.mark.parametrize("part", [None, 4])
def test_retry_after_is_obeyed_to_the_second(home: Home, code: int, part: int | None) -> None:
    everything = fill(home)
    told = count()

    def plan(call: Call) -> Fault | None:
        meant = call.part == part and call.method.endswith("list" if part is None else "get")
        return status(code, retry_after=137) if meant and next(told) == 0 else None

    home.google.plan = plan
    assert set(ids(home.read())) == everything
    (refused,) = home.google.faults
    later = next(one for one in home.google.log if one.request > refused.request)
    assert 137 <= later.at - refused.at < 138.5


def test_of_two_wishes_the_longer_is_obeyed(home: Home) -> None:
    fill(home)
    faults = {2: status(429, retry_after=90), 3: status(503, retry_after=5), 4: status(429, retry_after=30)}
    seen = count()
    home.google.plan = lambda call: faults.get(call.part or 0) if call.part in faults and next(seen) < 3 else None
    home.read()
    first = home.google.faults[0]
    later = next(one for one in home.google.log if one.request > first.request)
    assert later.at - first.at >= 90


def test_too_many_side_by_side_halves_the_batch(home: Home) -> None:
    everything = fill(home)
    home.google.quota.parts = 3
    assert set(ids(home.read())) == everything
    sizes = [
        1 + max(one.part for one in home.google.log if one.part is not None and one.request == call.request)
        for call in home.google.log
        if call.method == "batch"
    ]
    assert sizes[:2] == [10, 5]
    assert max(sizes[2:]) <= 3


# -- given up ----------------------------------------------------------------------------------------------------------

SENTENCES: list[tuple[Fault, type[ConnectorError], str]] = [
    (status(500), Unavailable, "later"),
    (status(503, retry_after=60), Unavailable, "later"),
    (html(502), Unavailable, "later"),
    (reset(), Unavailable, "cannot be reached"),
    (status(429), Unavailable, "quota"),
    (portal(), Unavailable, "in a browser"),
    (shape([]), BadReply, ""),
    (shape(None), BadReply, ""),
    (status(401), LoginNeeded, "auld login home"),
    (revoked(), LoginNeeded, "auld login home"),
    (FORBIDDEN["dailyLimitExceeded"], Unavailable, "midnight"),
    (FORBIDDEN["insufficientPermissions"], LoginNeeded, "auld login home"),
    (FORBIDDEN["accessNotConfigured"], Refused, "docs/google.md"),
    (FORBIDDEN["domainPolicy"], Refused, "administrator"),
    (FORBIDDEN["forbidden"], Refused, "Google refused"),
]


@pytest.mark.parametrize(("fault", "kind", "words"), SENTENCES, ids=[one[0].name for one in SENTENCES])
@pytest.mark.parametrize("method", ["getProfile", "messages.get", "history.list"])
def test_what_lasts_ends_in_a_sentence(
    home: Home, fault: Fault, kind: type[ConnectorError], words: str, method: str
) -> None:
    fill(home, 12)
    cursor = home.read()[-1].cursor if method == "history.list" else None
    home.google.plan = always(fault, method)
    before = len(home.google.log)
    with pytest.raises(ConnectorError) as caught:
        home.read(cursor)
    assert type(caught.value) is kind, caught.value
    assert words in str(caught.value)
    assert str(caught.value).rstrip().endswith((".", "home", "ticked", "work", "works"))
    assert len(home.google.log) - before < 250
    assert home.google.clock.tick() < 3600


@pytest.mark.parametrize(
    ("fault", "tries", "cut_off"),
    [(hang(), 2, True), (reset(), TRIES, True), (portal(), TRIES, True),
     (Fault("302", "before", Reply(302)), TRIES, True), (status(500), TRIES, False), (shape([]), TRIES, False)],
    ids=lambda one: one.name if isinstance(one, Fault) else str(one),
)  # fmt: skip
def test_a_host_that_says_nothing_is_asked_twice_and_others_oftener(
    home: Home, monkeypatch: pytest.MonkeyPatch, fault: Fault, tries: int, cut_off: bool
) -> None:
    monkeypatch.setattr(wire, "TIMEOUT", (10.0, 1.5))
    home.google.plan = always(fault, "messages.list")
    with pytest.raises(ConnectorError) as caught:
        home.read()
    assert len(home.google.faults) == tries
    assert (isinstance(caught.value, Unavailable) and caught.value.cut_off) is cut_off
    home.google.release()


def test_a_host_that_says_nothing_once_is_asked_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "TIMEOUT", (10.0, 1.5))
    everything = fill(home, 3)
    home.google.plan = once(hang(), status(500), status(500), method="messages.list")
    assert set(ids(home.read())) == everything
    home.google.release()


def test_a_batch_that_something_else_answers_is_no_answer_of_googles(home: Home) -> None:
    fill(home, 12)
    home.google.plan = lambda call: portal() if call.method == "batch" else None
    with pytest.raises(Unavailable, match="in its place"):
        home.read()


def test_an_access_token_is_renewed_once_and_no_more(home: Home) -> None:
    fill(home)
    home.google.oauth.expire_access()
    home.read()
    assert [one.method for one in home.google.log].count("oauth.token") == 1
    home.google.plan = always(status(401), "history.list")
    cursor = upto_first(home)
    home.google.log.clear()
    with pytest.raises(LoginNeeded):
        home.read(cursor)
    assert [one.method for one in home.google.log] == [
        "gmail.users.history.list",
        "oauth.token",
        "gmail.users.history.list",
    ]


def upto_first(home: Home) -> str:
    return next(iter(home.mail.changes(None, None))).cursor


def test_a_read_whose_access_runs_out_time_and_again_goes_on(home: Home) -> None:
    everything = fill(home, 60)
    home.google.oauth.lifetime = 2  # seconds; sixty gets take longer
    home.sign_in()
    home.google.latency = 1.0
    assert set(ids(home.read())) == everything
    assert [one.method for one in home.google.log].count("oauth.token") > 1


# -- writes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [status(500), status(503, applied="after"), html(), portal(), truncated(), shape([]), *(
        reset(when, how) for when in ("before", "after") for how in ("reset", "close")
    )],
    ids=lambda fault: fault.name,
)  # fmt: skip
def test_a_post_without_an_answer_is_sent_exactly_once(home: Home, fault: Fault) -> None:
    home.google.plan = once(fault, method="drafts.create")
    with pytest.raises((Unavailable, BadReply)):
        home.drafts.create(DRAFT)
    assert len(calls(home.google, "drafts.create")) == 1
    assert len(home.google.mailbox.drafts) == (fault.applied == "after")


@pytest.mark.parametrize(
    "fault", [status(429), status(429, retry_after=3), FORBIDDEN["userRateLimitExceeded"], status(401)],
    ids=lambda fault: fault.name,
)  # fmt: skip
def test_a_post_that_was_surely_not_done_is_sent_again(home: Home, fault: Fault) -> None:
    home.google.plan = once(fault, method="drafts.create")
    home.drafts.create(DRAFT)
    assert len(home.google.mailbox.drafts) == 1


def test_a_connection_that_was_closed_meanwhile_is_opened_anew_or_told(home: Home) -> None:
    """A server may close a kept connection between two calls; what was not sent whole may not be sent twice."""
    box = home.drafts
    list(box.all())
    home.google.plan = once(reset("before", "close"), method="drafts.list")
    list(box.all())
    assert len(calls(home.google, "drafts.list")) == 3
    box.create(DRAFT)
    assert len(calls(home.google, "drafts.create")) == 1


# -- elsewhere ---------------------------------------------------------------------------------------------------------


def elsewhere(home: Home, code: int) -> Fault:
    return Fault(
        f"{code}", "before", Reply(code, headers=(("Location", f"{home.google.url}/gmail/v1/users/me/labels"),))
    )


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["getProfile", "messages.get", "oauth.token", "drafts.create"])
def test_redirects_are_not_followed(home: Home, code: int, method: str) -> None:
    fill(home, 12)
    home.google.oauth.expire_access()
    home.google.plan = always(elsewhere(home, code), method)
    act: Callable[[], Any] = home.read if method != "drafts.create" else lambda: home.drafts.create(DRAFT)
    with pytest.raises((BadReply, Unavailable)):
        act()
    assert "/gmail/v1/users/me/labels" not in {one.path for one in home.google.log}


def test_a_netrc_file_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = home.host.folder / "netrc"
    netrc.write_text("machine 127.0.0.1\nlogin eve\npassword eve\ndefault\nlogin eve\npassword eve\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(netrc))
    got(home.google, 1, 1)
    home.google.oauth.expire_access()
    assert ids(home.read()) == ["1"]
    assert [one.status for one in home.google.log if one.method == "oauth.token"] == [200]


def test_a_long_page_token_is_sent_as_what_it_is(home: Home) -> None:
    """The library would make a POST of a GET with a long address, and that is no call that auld makes."""
    token = "t" * 4000
    home.google.plan = once(
        Fault("long", "after", Reply(200, b'{"messages": [], "nextPageToken": "%s"}' % token.encode())),
        method="messages.list",
    )
    home.google.plan = combine(home.google.plan, always(status(400, "invalid"), "messages.list"))
    with pytest.raises(BadReply):
        home.read()
    assert [one.query.get("pageToken") for one in calls(home.google, "messages.list")][1] == [token]
    assert {one.verb for one in calls(home.google)} == {"GET"}


def combine(*plans: Callable[[Call], Fault | None]) -> Callable[[Call], Fault | None]:
    return lambda call: next((fault for plan in plans if (fault := plan(call)) is not None), None)


def test_an_error_without_a_reason_is_judged_by_its_status(home: Home) -> None:
    told = error(429, "Too many concurrent requests for user.", "rateLimitExceeded")
    home.google.plan = once(Fault("crowded", "before", told), method="getProfile")
    noted = waits(home)
    home.read()
    assert any(seconds > 0 for seconds in noted)
    assert 0 not in noted
