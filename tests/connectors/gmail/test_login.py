"""Signing in by the browser, and out again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from connectors.base import MAILBOX
from connectors.errors import ConnectorError, LoginNeeded, Refused, Unavailable
from connectors.gmail import tokens
from tests.connectors.gmail.browser import Browser, Hurried, agree, nobody, parameters
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import got, ids
from tests.google import Fault, Google
from tests.google.client import SCOPES
from tests.google.faults import always, html, status

BASE = "https://www.googleapis.com/auth/"


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Home]:
    """An account that nobody is signed in to."""
    with Google() as google:
        home = Home(google, tmp_path)
        home.host = replace(home.host, tick=Hurried())
        yield home
        assert google.sends == []


def sign_in(home: Home, browser: Browser | None = None) -> Browser:
    browser = browser or Browser()
    assert home.connector.login is not None
    try:
        home.connector.login(home.settings, home.host, browser)
    finally:
        browser.close()
    return browser


def refused(home: Home, kind: type[ConnectorError], browser: Browser | None = None) -> str:
    """Sign in, which must fail and leave nothing; return the sentence."""
    before = dict(home.secrets.now)
    with pytest.raises(kind) as caught:
        sign_in(home, browser)
    assert type(caught.value) is kind
    assert home.secrets.now == before
    return str(caught.value)


def kept(home: Home) -> dict[str, Any]:
    return dict(json.loads(home.secrets.now[tokens.NAME]))


def test_signing_in_keeps_tokens_that_work(out: Home) -> None:
    browser = sign_in(out)
    assert (kept(out)["email"], set(kept(out)["scopes"])) == ("robin@example.com", set(SCOPES))
    got(out.google, 1, 1)
    assert ids(out.read()) == ["1"]
    assert out.account().addresses() == ("robin@example.com",)
    assert any("robin@example.com" in line for line in browser.said)


def test_each_permission_is_told_with_its_reason_before_the_browser_opens(out: Home) -> None:
    told = "\n".join(sign_in(out).said[:-1])
    for scope in SCOPES:
        assert scope.removeprefix(BASE) in told
    assert "never sends" in told


@pytest.mark.parametrize(
    ("settings", "scopes"),
    [
        ({}, {"gmail.metadata", "gmail.compose", "calendar.calendarlist.readonly", "calendar.events.readonly"}),
        ({"calendar": False}, {"gmail.metadata", "gmail.compose"}),
        ({"drafts": False}, {"gmail.metadata", "calendar.calendarlist.readonly", "calendar.events.readonly"}),
        ({"calendar": False, "drafts": False}, {"gmail.metadata"}),
    ],
)
def test_no_more_is_asked_for_than_is_needed(out: Home, settings: dict[str, bool], scopes: set[str]) -> None:
    out.settings = out.settings.model_copy(update=settings)
    asked = sign_in(out).asked
    assert set(asked["scope"].split()) == {BASE + scope for scope in scopes}
    assert "include_granted_scopes" not in asked
    assert (asked["access_type"], asked["prompt"], asked["response_type"]) == ("offline", "consent", "code")


def test_state_and_verifier_are_new_each_time_and_the_answer_comes_to_this_machine(out: Home) -> None:
    first, second = sign_in(out).asked, sign_in(out).asked
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]
    assert first["code_challenge_method"] == "S256"
    assert urlsplit(first["redirect_uri"]).hostname == "localhost"
    exchanged = [one.form for one in out.google.log if one.method == "oauth.token"]
    assert all(len(form["code_verifier"]) >= 43 for form in exchanged)


def test_a_code_that_was_asked_for_by_somebody_else_is_of_no_use(out: Home) -> None:
    """PKCE: Google refuses a code whose challenge our verifier does not fit."""

    def swapped(address: str) -> None:
        mine = parameters(address)
        theirs = requests.get(
            address.replace(mine["code_challenge"], "x" * 43), allow_redirects=False, timeout=5
        ).headers["Location"]
        requests.get(theirs, timeout=5)

    assert "invalid_grant" in refused(out, Refused, Browser(swapped))


def test_stray_requests_are_not_taken_for_the_answer(out: Home) -> None:
    seen: list[int] = []

    def clumsy(address: str) -> None:
        door, state = parameters(address)["redirect_uri"], parameters(address)["state"]
        stray = ("favicon.ico", "?code=evil&state=wrong", "?code=evil", f"?state={state}", "?" + "a=1&" * 500)
        seen.extend(requests.get(door + path, timeout=5).status_code for path in stray)
        seen.append(requests.post(door, data={"code": "evil", "state": state}, timeout=5).status_code)
        agree(address)

    sign_in(out, Browser(clumsy))
    assert seen[:-1] == [404] * 5
    assert seen[-1] >= 400
    assert "evil" not in {one.form.get("code") for one in out.google.log if one.method == "oauth.token"}


def test_a_browser_that_keeps_the_terminal_until_it_is_closed_gets_its_page(out: Home) -> None:
    """As w3m and lynx do, and whatever else `webbrowser` runs in the foreground."""

    class Foreground(Browser):
        def browse(self, address: str) -> None:
            self.addresses.append(address)
            agree(address)

    sign_in(out, Foreground())
    assert kept(out)["email"] == "robin@example.com"


def test_nobody_coming_back_ends_in_time(out: Home) -> None:
    out.host = replace(out.host, tick=Hurried(100))
    assert "auld login home" in refused(out, LoginNeeded, Browser(nobody))


def test_no_is_no(out: Home) -> None:
    out.google.oauth.deny()
    told = refused(out, LoginNeeded)
    assert all(scope.removeprefix(BASE) in told for scope in SCOPES)


@pytest.mark.parametrize("missing", SCOPES)
def test_each_permission_that_was_not_given_is_named_and_the_rest_is_given_back(out: Home, missing: str) -> None:
    out.google.oauth.grant(*(one for one in SCOPES if one != missing))
    told = refused(out, LoginNeeded)
    assert missing.removeprefix(BASE) in told
    assert sum(scope.removeprefix(BASE) + ":" in told for scope in SCOPES) == 1
    assert [grant.dead for grant in out.google.oauth.grants] == [True]


def test_a_second_sign_in_replaces_the_first(out: Home) -> None:
    sign_in(out)
    first = kept(out)["refresh_token"]
    browser = sign_in(out)
    assert kept(out)["refresh_token"] != first
    assert browser.asked["login_hint"] == "robin@example.com"


def test_another_account_chosen_the_second_time_is_refused(out: Home) -> None:
    sign_in(out)
    out.google.mailbox.address = "robin@work.example.com"
    told = refused(out, LoginNeeded)
    assert "robin@work.example.com" in told
    assert "robin@example.com" in told
    # Neither is revoked: the other one may be a mailbox that the config has under another name.
    assert [grant.dead for grant in out.google.oauth.grants] == [False, False]
    assert kept(out)["email"] == "robin@example.com"


def test_giving_less_the_second_time_changes_nothing(out: Home) -> None:
    sign_in(out)
    before = kept(out)
    out.google.oauth.grant(SCOPES[0])
    assert "nothing has changed" in refused(out, LoginNeeded)
    assert kept(out) == before
    assert not out.google.oauth.grants[0].dead
    assert "oauth.revoke" not in [call.method for call in out.google.log]


@pytest.mark.parametrize("fault", [status(404), html(404)], ids=["Google's own", "a page"])
def test_whose_mailbox_it_is_may_stay_untold(out: Home, fault: Fault) -> None:
    """By a host that stands in for Google's, too, which may lack the call."""
    out.google.plan = always(fault, "getProfile")
    sign_in(out)
    assert kept(out)["email"] == ""
    assert out.account().addresses() == ()


def test_a_page_in_googles_place_does_not_pass_for_a_mailbox_without_a_name(
    out: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy's page, or that of a network that wants a sign-in of its own."""
    for name in ("GMAIL", "CALENDAR"):
        monkeypatch.setattr(f"connectors.gmail.link.{name}", out.google.url)
    out.settings = out.settings.model_copy(update={"api_url": ""})
    out.google.plan = always(html(404), "getProfile")
    with pytest.raises(Unavailable, match="in Google's place"):
        sign_in(out)
    assert kept(out)["email"] == ""  # the sign-in is good: only whose it is was not told
    assert MAILBOX not in out.secrets.now
    found = {one.name: one for one in out.account().check()}
    assert found["sign-in"].result == "fail"
    assert "in Google's place" in found["sign-in"].detail

    out.google.plan = None
    sign_in(out)
    before = kept(out)
    out.google.plan = always(html(404), "getProfile")
    assert "in Google's place" in refused(out, Unavailable)
    assert kept(out) == before
