"""What becomes of calls that Graph throttles, loses, or answers with something else."""

from collections.abc import Callable, Iterator
from itertools import count
from threading import Barrier, Event, Thread
from typing import Any

import pytest

from connectors.ahead import begin
from connectors.errors import BadReply, ConnectorError, LoginNeeded, Refused, Unavailable
from connectors.outlook import api, wire
from connectors.outlook.calls import Calls
from connectors.outlook.link import Link
from connectors.outlook.patience import TRIES
from tests.connectors.contract import DraftsContract
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.scene import calls, got, ids, wrote
from tests.google.answers import Reply
from tests.graph import Call, Fault
from tests.graph.faults import (
    PASSING,
    WRONG,
    always,
    hang,
    html,
    meant,
    once,
    portal,
    reset,
    revoked,
    shape,
    status,
    truncated,
)

DRAFT = DraftsContract.draft()
SENT, RECEIVED, HEADERS, FOLDERS = "messages.delta", "messages.list", "messages.get", "mailFolders.get"
PARTS = {HEADERS, FOLDERS}


@pytest.fixture(autouse=True)
def trusted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust the certificate of the fake's sign-in."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(home.graph.ca))


def whole(fault: Fault, method: str) -> bool:
    """Say whether a fault can happen to a call: a part of a batch has no connection of its own that could break."""
    return fault.cut is None or method not in PARTS


def fill(home: Home, some: int = 30) -> set[str]:
    """Lay mails of Robin's and answers whose headers no list brings."""
    home.graph.mail.headers_in_lists = False
    for number in range(some):
        wrote(home.graph, f"s{number}", 10 + number)
        got(home.graph, f"r{number}", 10 + number)
    return {f"{kind}{number}" for number in range(some) for kind in "sr"}


def asking(home: Home) -> Calls:
    return Link(home.settings, home.host).calls


# -- tried again -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "method"),
    [
        pytest.param(fault, method, id=f"{method} {fault.name}")
        for method in (FOLDERS, SENT, RECEIVED, HEADERS, "batch")
        for fault in (*PASSING, *WRONG, status(401))
        if whole(fault, method)
    ],
)
def test_a_read_that_fails_once_is_asked_again_and_nothing_is_lost(home: Home, fault: Fault, method: str) -> None:
    everything = fill(home, 25)
    home.graph.plan = once(fault, method=method)
    assert set(ids(home.read())) == everything
    assert len(home.graph.faults) == 1


def test_parts_of_a_batch_that_fail_each_in_its_own_way_are_all_got_in_the_end(home: Home) -> None:
    everything = fill(home)
    faults: Iterator[Fault] = iter([
        status(401), status(429), status(503), status(504), status(500, retry_after=7), shape([]), html(503),
        status(429, retry_after=9), status(509),
    ])  # fmt: skip
    home.graph.plan = lambda call: next(faults, None) if call.part in {1, 2, 4, 5, 7} else None
    assert set(ids(home.read())) == everything
    assert next(faults, None) is None


def test_of_a_batch_what_is_not_there_any_more_is_left_out_and_the_rest_is_got(home: Home) -> None:
    everything = fill(home)
    home.graph.plan = once(status(404), None, None, status(404), method=HEADERS)
    told = set(ids(home.read()))
    assert told < everything
    assert len(told) == len(everything) - 2


def test_a_batch_is_one_call_at_a_time_in_an_order_that_the_documentation_knows(home: Home) -> None:
    home.graph.throttle.mixed_batches = False
    everything = fill(home)
    assert set(ids(home.read())) == everything
    assert [one.status for one in home.graph.log if one.method == "batch"] == [200] * 3


@pytest.mark.parametrize("code", [429, 503, 500, 504, 509])
@pytest.mark.parametrize("method", [SENT, RECEIVED, HEADERS])
def test_retry_after_is_obeyed_to_the_second(home: Home, code: int, method: str) -> None:
    everything = fill(home)
    told = count()

    def plan(call: Call) -> Fault | None:
        return status(code, retry_after=137) if call.method.endswith(method) and next(told) == 0 else None

    home.graph.plan = plan
    assert set(ids(home.read())) == everything
    (refused,) = home.graph.faults
    later = [one for one in home.graph.log if one.request > refused.request and one.at > refused.at]
    # A whole batch, or what other threads ask before, waits for its pace besides.
    assert 137 <= later[0].at - refused.at < 140


def test_of_two_wishes_the_longer_is_obeyed(home: Home) -> None:
    fill(home)
    faults = {2: status(429, retry_after=90)}
    seen = count()
    home.graph.plan = lambda call: faults.get(call.part or 0) if call.part in faults and next(seen) < 1 else None
    home.read()
    (first,) = home.graph.faults
    later = next(one for one in home.graph.log if one.request > first.request and one.at > first.at)
    assert later.at - first.at >= 90


def test_a_part_that_fails_for_ever_among_parts_that_work_ends_the_read(home: Home) -> None:
    fill(home, 150)
    bad = home.graph.mailbox.listed("inbox")[-1].id(immutable=True)
    home.graph.plan = lambda call: status(500) if call.path.endswith(bad) else None
    asked = asking(home)
    others = [one.id(immutable=True) for one in home.graph.mailbox.listed("inbox")]
    with pytest.raises(Unavailable):
        asked.read_all([api.message(one) for one in (*others[:3], bad, *others)])
    assert len(home.graph.faults) == TRIES


def test_who_waited_for_a_place_does_not_go_into_a_pause_that_began_meanwhile(home: Home) -> None:
    asking(home).read(api.me())
    gathered(home)
    home.graph.plan = once(*[status(503, retry_after=60)] * 4, method="me.get")
    wait = home.graph.clock.wait

    def waiting(seconds: float) -> None:
        Event().wait(0.2)  # time enough for whoever would go on
        wait(seconds)

    object.__setattr__(home.host, "wait", waiting)
    asked = asking(home)
    for future in [begin(lambda: asked.read(api.me())) for _ in range(8)]:
        future.result(20)
    first = home.graph.faults[0]
    assert all(one.at - first.at >= 60 for one in calls(home.graph, "me.get")[5:])


def test_what_slows_one_thread_down_slows_down_all(home: Home) -> None:
    asked, refused = asking(home), Event()
    fault = once(status(503, retry_after=50), method=SENT)
    wait = home.graph.clock.wait

    def plan(call: Call) -> Fault | None:
        return fault(call)

    def waiting(seconds: float) -> None:
        refused.set()  # while one thread is about to wait, another one wants to ask
        other.join(0.2)
        wait(seconds)

    def ask() -> None:
        refused.wait(10)
        asked.read(api.me())

    object.__setattr__(home.host, "wait", waiting)
    home.graph.plan = plan
    other = Thread(target=ask)
    other.start()
    asked = asking(home)
    asked.read(api.sent(10))
    other.join(10)
    first, *later = calls(home.graph)
    assert len(later) == 2
    assert all(one.at - first.at >= 50 for one in later)


def gathered(home: Home) -> None:
    """Let each of the next four answers go out only once all four are there."""
    together, true, number = Barrier(4), home.graph.handle, count()

    def handle(request: Any, root: str, **more: Any) -> Reply:
        mine, reply = next(number), true(request, root, **more)
        if mine < 4:
            together.wait(10)
        return reply

    home.graph.handle = handle  # type: ignore[method-assign]


def test_calls_that_are_throttled_side_by_side_are_one_refusal_and_not_four(home: Home) -> None:
    """Else the pause would double with each of them, and a dozen of them would end the round."""
    asked = asking(home)
    asked.read(api.me())
    gathered(home)
    home.graph.plan = once(*[status(429)] * 4, method="me.get")
    begun = home.graph.clock.tick()
    for future in [begin(lambda: asked.read(api.me())) for _ in range(4)]:
        future.result(20)
    assert len(home.graph.faults) == 4
    assert home.graph.clock.tick() - begun < 10


def test_at_most_four_calls_go_at_a_time_whoever_asks(home: Home) -> None:
    asked = asking(home)
    asked.read(api.me())
    home.graph.linger = 0.01
    for future in [begin(lambda: asked.read(api.me())) for _ in range(12)]:
        future.result(10)
    assert home.graph.throttle.most == 4
    assert home.graph.throttle.refused == 0


def test_ten_thousand_calls_in_ten_minutes_are_not_gone_beyond(home: Home) -> None:
    asked = asking(home)
    asked.read_all([api.me()] * 21_000)
    times = [one.at for one in calls(home.graph, "me.get")]
    assert home.graph.throttle.refused == 0
    assert max(later - sooner for sooner, later in zip(times, times[10_000:], strict=False)) < 660, "nor waited for"


# -- threads -----------------------------------------------------------------------------------------------------------


def test_threads_whose_access_ran_out_at_once_get_one_new_token(home: Home) -> None:
    asked = asking(home)
    asked.read(api.me())
    home.graph.login.expire_access()
    gathered(home)
    for future in [begin(lambda: asked.read(api.me())) for _ in range(4)]:
        future.result(20)
    assert [one.method for one in home.graph.log].count("oauth.token") == 1


class Stopped(Exception):
    pass


def test_a_wait_that_is_cut_off_in_a_thread_ends_the_read(home: Home) -> None:
    fill(home, 2)

    def stop(_seconds: float) -> None:
        raise Stopped

    object.__setattr__(home.host, "wait", stop)
    for method in (SENT, RECEIVED, HEADERS):
        home.graph.plan = always(status(429, retry_after=20), method)
        with pytest.raises(Stopped):
            home.read()


def test_a_read_that_is_broken_off_while_pages_are_under_way_holds_nobody_up(home: Home) -> None:
    everything = fill(home)
    account = home.account()
    assert account.mail is not None
    let_go = Event()
    true = home.graph.handle

    def handle(request: Any, root: str, **more: Any) -> Reply:
        if request.path.endswith("/me/messages"):
            let_go.wait(10)
        return true(request, root, **more)

    home.graph.handle = handle  # type: ignore[method-assign]
    reading = account.mail.changes(None, None)
    first = next(iter(reading))
    ending = Thread(target=lambda: list(reading), daemon=True)
    ending.start()
    again = home.account().mail
    assert again is not None
    let_go.set()
    ending.join(10)
    assert not ending.is_alive()
    assert set(ids([first, *again.changes(first.cursor, None)])) == everything


# -- given up ----------------------------------------------------------------------------------------------------------

SENTENCES: list[tuple[Fault, type[ConnectorError], str]] = [
    (status(500), Unavailable, "later"),
    (status(503, retry_after=60), Unavailable, "later"),
    (status(504), Unavailable, "in time"),
    (html(502), Unavailable, "later"),
    (reset(), Unavailable, "cannot be reached"),
    (status(429), Unavailable, "throttles"),
    (status(429, retry_after=900), Unavailable, "15 minutes"),
    (status(503, retry_after=900), Unavailable, "later"),
    (shape([]), BadReply, ""),
    (shape(None), BadReply, ""),
    (status(403), LoginNeeded, "auld login work"),
    (status(403, "MailboxNotEnabledForRESTAPI"), Refused, "no mailbox"),
    (status(404, "MailboxNotEnabledForRESTAPI"), Refused, "no mailbox"),
    (status(403, "ErrorAccountSuspend"), Refused, "Microsoft refused"),
]
PAGE = (portal(), Unavailable, "in a browser")
NO_PAGE = (portal(), BadReply, "of another shape")
"""Nothing gets between Graph and a part of its answer."""


@pytest.mark.parametrize(
    ("fault", "kind", "words", "method"),
    [
        pytest.param(*one, method, id=f"{method} {one[0].name}")
        for method in (FOLDERS, SENT, RECEIVED, HEADERS)
        for one in (*SENTENCES, NO_PAGE if method in {FOLDERS, HEADERS} else PAGE)
        if whole(one[0], method)
    ],
)
def test_what_lasts_ends_in_a_sentence(
    home: Home, fault: Fault, kind: type[ConnectorError], words: str, method: str
) -> None:
    fill(home, 12)
    home.graph.plan = always(fault, method)
    before = len(home.graph.log)
    with pytest.raises(ConnectorError) as caught:
        home.read()
    assert isinstance(caught.value, kind), caught.value
    assert words in str(caught.value)
    assert len(home.graph.log) - before < 400
    assert home.graph.clock.tick() < 3600


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
    home.graph.plan = always(fault, SENT)
    with pytest.raises(ConnectorError) as caught:
        home.read()
    assert len(home.graph.faults) == tries
    assert (isinstance(caught.value, Unavailable) and caught.value.cut_off) is cut_off
    home.graph.release()


def test_a_host_that_says_nothing_once_is_asked_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "TIMEOUT", (10.0, 1.5))
    everything = fill(home, 3)
    home.graph.plan = once(hang(), status(500), status(500), method=SENT)
    assert set(ids(home.read())) == everything
    home.graph.release()


def test_a_wish_for_a_long_pause_is_told(home: Home) -> None:
    for code in (429, 503):
        home.graph.plan = always(status(code, retry_after=900), SENT)
        with pytest.raises(Unavailable) as caught:
            home.read()
        assert caught.value.retry_after is not None
        assert caught.value.retry_after.total_seconds() == 900


def test_an_access_token_is_renewed_once_and_no_more(home: Home) -> None:
    fill(home)
    home.graph.login.expire_access()
    home.read()
    assert [one.method for one in home.graph.log].count("oauth.token") == 1
    home.graph.plan = always(status(401), SENT)
    home.graph.log.clear()
    with pytest.raises(LoginNeeded):
        home.read()
    asked = [one.method for one in home.graph.log if one.method in {"me.mailFolders.messages.delta", "oauth.token"}]
    assert asked == ["me.mailFolders.messages.delta", "oauth.token", "me.mailFolders.messages.delta"]


def test_a_sign_in_that_died_is_told(home: Home) -> None:
    fill(home)
    home.graph.plan = once(revoked(), method=RECEIVED)
    with pytest.raises(LoginNeeded):
        home.read()


# -- writes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [status(500), status(503, applied="after"), status(504, applied="after"), html(), portal(), truncated(), shape([]),
     *(reset(when, how) for when in ("before", "after") for how in ("reset", "close"))],
    ids=lambda fault: fault.name,
)  # fmt: skip
def test_a_post_without_an_answer_is_made_exactly_once(home: Home, fault: Fault) -> None:
    home.graph.plan = once(fault, method="messages.create")
    with pytest.raises((Unavailable, BadReply)):
        home.drafts.create(DRAFT)
    assert len(calls(home.graph, "messages.create")) == 1
    assert len(home.graph.mailbox.drafts) == (fault.applied == "after")


@pytest.mark.parametrize(
    "fault", [status(429), status(429, retry_after=3), status(401)], ids=lambda fault: fault.name
)  # fmt: skip
def test_a_post_that_was_surely_not_done_is_made_again(home: Home, fault: Fault) -> None:
    home.graph.plan = once(fault, method="messages.create")
    home.drafts.create(DRAFT)
    assert len(home.graph.mailbox.drafts) == 1


def test_a_401_of_something_in_between_is_no_word_about_the_sign_in(home: Home) -> None:
    home.graph.plan = always(Fault("401 of a proxy", "before", Reply(401, b"<html>Sign in</html>")), "messages.create")
    with pytest.raises(Unavailable, match="proxy"):
        home.drafts.create(DRAFT)
    assert len(calls(home.graph, "messages.create")) == 1


# -- elsewhere ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", [SENT, RECEIVED, "messages.create"])
def test_redirects_are_not_followed(home: Home, code: int, method: str) -> None:
    fill(home, 12)
    to = (("Location", f"{home.graph.url}/v1.0/me/mailFolders"),)
    home.graph.plan = always(Fault(f"{code}", "before", Reply(code, headers=to)), method)
    act: Callable[[], Any] = home.read if method != "messages.create" else lambda: home.drafts.create(DRAFT)
    with pytest.raises((BadReply, Unavailable)):
        act()
    assert "/v1.0/me/mailFolders" not in {one.path for one in home.graph.log}


def test_a_netrc_file_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = home.host.folder / "netrc"
    netrc.write_text("machine 127.0.0.1\nlogin eve\npassword eve\ndefault\nlogin eve\npassword eve\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(netrc))
    got(home.graph, 1, 1)
    assert ids(home.read()) == ["1"]


def test_half_a_surrogate_pair_in_a_subject_costs_nothing_else(home: Home) -> None:
    fill(home, 3)

    def spoil(true: Reply) -> Reply:
        return Reply(true.status, true.body.replace(b'"Hello"', b'"Hel\\ud83dlo"'), true.kind, true.headers)

    fault = Fault("half a pair", "after", spoil=spoil)
    home.graph.plan = lambda call: fault if meant(call, SENT) or call.method == "batch" else None
    told = [mail for batch in home.read() for mail in batch.items]
    assert {mail.subject for mail in told} == {"Hello"}
    assert len(told) == 6
