"""Answers of Google's that do not end, or do not fit, and answers by something else in its place."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors import http
from connectors.errors import BadReply, ConnectorError, LoginNeeded, Unavailable
from connectors.gmail import tokens
from tests.connectors.contract import DraftsContract
from tests.connectors.gmail.browser import Browser, Hurried
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import calls, got, ids
from tests.google import Call, Fault, Google
from tests.google.answers import HTML, Pairs, Reply
from tests.google.faults import always, once, status

METHODS = ["getProfile", "messages.list", "messages.get", "drafts.create", "oauth.token"]


def answering(code: int, body: bytes, headers: Pairs = (), kind: str = HTML) -> Fault:
    return Fault(f"{code}", "before", Reply(code, body, kind, headers))


def page(code: int) -> Fault:
    return answering(code, b"<html><body>Who are you?</body></html>")


def act(home: Home, method: str) -> None:
    """Do what asks `method` of Google, with an access token that is over where a new one is meant."""
    got(home.google, 1, 1)
    if method == "oauth.token":
        home.google.oauth.expire_access()
    if method == "drafts.create":
        home.drafts.create(DraftsContract.draft())
    else:
        home.read()


def asked(home: Home, method: str) -> int:
    return sum(one.method.endswith(method) for one in home.google.log)


# -- without an end ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_an_answer_that_takes_too_long_as_a_whole_ends_the_round_and_is_not_asked_for_again(
    home: Home, method: str
) -> None:
    def plan(call: Call) -> None:
        if call.method.endswith(method):
            home.google.clock.wait(http.LONGEST + 1)

    home.google.plan = plan
    with pytest.raises(Unavailable, match="did not come to its end"):
        act(home, method)
    assert asked(home, method) == 1


@pytest.mark.parametrize("method", METHODS)
def test_an_answer_that_unpacks_without_end_is_not_unpacked_nor_asked_for_again(home: Home, method: str) -> None:
    much = gzip.compress(bytes(http.LARGEST + 1), 1)
    home.google.plan = always(answering(200, much, (("Content-Encoding", "gzip"),)), method)
    with pytest.raises(BadReply, match="far larger"):
        act(home, method)
    assert asked(home, method) == 1


def test_a_token_endpoints_answer_is_one_small_document(home: Home) -> None:
    home.google.plan = always(answering(200, b" " * 2_000_000), "oauth.token")
    with pytest.raises(BadReply, match="far larger"):
        act(home, "oauth.token")


def test_so_is_its_answer_to_a_login(tmp_path: Path) -> None:
    with Google() as google:
        home = Home(google, tmp_path)
        home.host = replace(home.host, tick=Hurried())
        google.plan = always(answering(200, b" " * 2_000_000), "oauth.token")
        browser = Browser()
        assert home.connector.login is not None
        with pytest.raises(Unavailable):
            home.connector.login(home.settings, home.host, browser)
        browser.close()
        assert home.secrets.now == {}


# -- by something in between -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308, 401, 403, 407])
@pytest.mark.parametrize("method", METHODS)
def test_a_page_of_something_in_between_proves_nothing(home: Home, code: int, method: str) -> None:
    kept = home.secrets.now[tokens.NAME]
    home.google.plan = always(page(code), method)
    with pytest.raises(ConnectorError, match="in its place") as caught:
        act(home, method)
    assert type(caught.value) is Unavailable
    if method == "oauth.token":
        assert home.secrets.now[tokens.NAME] == kept


def test_a_page_that_says_401_costs_one_new_token_and_no_more(home: Home) -> None:
    home.google.plan = always(page(401), "getProfile")
    with pytest.raises(Unavailable):
        act(home, "getProfile")
    assert [one.method.rpartition(".")[2] for one in home.google.log] == ["getProfile", "token", "getProfile"]


def test_a_page_that_says_401_once_is_got_over(home: Home) -> None:
    got(home.google, 1, 1)
    home.google.plan = once(page(401), method="getProfile")
    assert ids(home.read()) == ["1"]


def test_google_itself_that_says_401_twice_means_the_sign_in(home: Home) -> None:
    home.google.plan = once(page(401), status(401), method="getProfile")
    with pytest.raises(LoginNeeded):
        act(home, "getProfile")


def test_a_draft_that_something_in_between_answered_for_may_be_there_and_is_not_made_twice(home: Home) -> None:
    truth = Fault("401 after", "after", spoil=lambda _: Reply(401, b"<html>", HTML))
    home.google.plan = once(truth, method="drafts.create")
    with pytest.raises(Unavailable):
        act(home, "drafts.create")
    assert len(calls(home.google, "drafts.create")) == 1
    assert len(home.google.mailbox.drafts) == 1


# -- tokens that are none ----------------------------------------------------------------------------------------------

ODD = ['"ya29.a\\nX-More: b"', '"ya29 a"', '"ya29.\\u00e9"', '"\\u0000"', '""', "5", "null", "[]"]


@pytest.mark.parametrize("known", [True, False], ids=["over", "refused"])
@pytest.mark.parametrize("odd", ODD)
def test_an_access_token_that_fits_into_no_header_is_refused_at_once(home: Home, odd: str, known: bool) -> None:
    sign_in = tokens.load(home.host)
    assert sign_in is not None
    if known:
        tokens.keep(home.host, replace(sign_in, expires_at=datetime(2026, 1, 1, tzinfo=UTC)))
    kept = home.secrets.now[tokens.NAME]
    home.google.oauth.expire_access()
    body = f'{{"access_token": {odd}, "expires_in": 3599, "token_type": "Bearer"}}'
    home.google.plan = always(answering(200, body.encode(), kind="application/json"), "oauth.token")
    account = home.account()
    assert account.mail is not None
    for _ in range(2):  # nor is it used afterwards
        before = home.google.clock.tick()
        with pytest.raises(BadReply, match="access token"):
            list(account.mail.changes(None, None))
        assert home.google.clock.tick() - before < 1
    assert home.secrets.now[tokens.NAME] == kept


@pytest.mark.parametrize("odd", ["ya29.a\nX-More: b", "ya29 a", "ya29.é", "\0"])
def test_one_that_is_kept_means_to_sign_in_again(home: Home, odd: str) -> None:
    sign_in = tokens.load(home.host)
    assert sign_in is not None
    tokens.keep(home.host, replace(sign_in, access_token=odd))
    with pytest.raises(LoginNeeded, match="auld login home"):
        home.read()
    assert home.google.log == []
