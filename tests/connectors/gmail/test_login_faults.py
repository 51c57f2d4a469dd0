"""Signing in where the token endpoint or the client's file fails, and signing out."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import BadReply, ConnectorError, LoginNeeded, Refused, SettingsError, Unavailable
from connectors.gmail import tokens
from tests.connectors.gmail.browser import Browser, Hurried, nobody
from tests.connectors.gmail.home import Home
from tests.google import Fault, Google
from tests.google.answers import Pairs, Reply
from tests.google.client import SCOPES
from tests.google.faults import always, html, malformed, once, portal, reset, shape, status


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


# -- the token endpoint ------------------------------------------------------------------------------------------------


def answering(body: bytes, code: int = 200, headers: Pairs = ()) -> Fault:
    return Fault("told", "before", Reply(code, body, headers=headers))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (status(500), Unavailable), (status(503), Unavailable), (status(429), Unavailable), (html(502), Unavailable),
        (reset(), Unavailable), (reset("after"), Unavailable), (portal(), Unavailable), (malformed(), BadReply),
        (shape([]), BadReply), (shape(None), BadReply), (shape(7), BadReply), (answering(b"[" * 50_000), BadReply),
        (answering(b'{"error": {"code": 7}}', 400), BadReply), (answering(b""), BadReply),
        (answering(b'{"error": "invalid_client"}', 401), Refused),
        (answering(b'{"error": "odd\\u001b"}', 400), Refused),
        (answering(b'{"access_token": "a", "token_type": "Bearer", "expires_in": "soon"}'), BadReply),
    ],
    ids=lambda one: one.name if isinstance(one, Fault) else "",
)  # fmt: skip
def test_a_token_endpoint_that_fails_is_told_in_a_sentence(out: Home, fault: Fault, kind: type[ConnectorError]) -> None:
    out.google.plan = once(fault, method="oauth.token")
    told = refused(out, kind)
    assert told
    assert "\x1b" not in told
    assert [one.method for one in out.google.log].count("oauth.token") == 1


def test_a_redirect_of_the_token_endpoint_takes_the_code_nowhere(out: Home) -> None:
    out.google.plan = always(answering(b"", 307, (("Location", f"{out.google.url}/elsewhere"),)), "oauth.token")
    refused(out, Unavailable)
    assert "/elsewhere" not in {one.path for one in out.google.log}


def test_a_sign_in_without_a_refresh_token_is_none(out: Home) -> None:
    scopes = " ".join(SCOPES)
    body = {"access_token": "a", "token_type": "Bearer", "expires_in": 3599, "scope": scopes}
    out.google.plan = once(answering(json.dumps(body).encode()), method="oauth.token")
    assert "refresh token" in refused(out, BadReply)


def test_scopes_that_are_not_told_are_those_asked_for(out: Home) -> None:
    """RFC 6749, section 5.1: the server may leave out `scope` where it is what was asked for."""
    told = out.google.oauth.sign_in(SCOPES)
    body = {name: told[name] for name in ("access_token", "token_type", "expires_in", "refresh_token")}
    out.google.plan = once(answering(json.dumps(body).encode()), method="oauth.token")
    sign_in(out)
    assert set(kept(out)["scopes"]) == set(SCOPES)


def test_a_token_that_lives_beyond_all_time_is_one_without_an_end(out: Home) -> None:
    told = out.google.oauth.sign_in(SCOPES) | {"expires_in": 10**20}
    body = {name: told[name] for name in ("access_token", "token_type", "expires_in", "refresh_token", "scope")}
    out.google.plan = once(answering(json.dumps(body).encode()), method="oauth.token")
    sign_in(out)
    assert kept(out)["expires_at"] is None


def test_a_client_that_google_does_not_know_is_refused(out: Home) -> None:
    out.google.oauth.client_secret = "changed"
    assert "docs/google.md" in refused(out, Refused)


# -- the client's file -------------------------------------------------------------------------------------------------


def test_a_client_file_that_cannot_work_is_told_before_the_browser_opens(out: Home) -> None:
    good = json.loads(out.client_file.read_text("utf-8"))["installed"]
    cases: list[tuple[str | None, str]] = [
        (None, "there is no file"),
        ("no JSON", "JSON"),
        ("[" * 50_000, "JSON"),
        (json.dumps({"web": good}), "Desktop app"),
        (json.dumps({"installed": {}}), "client_id"),
        (json.dumps([good]), "not the file"),
        (json.dumps({"installed": good | {"token_uri": "http://oauth2.example.com/token"}}), "not encrypted"),
        (json.dumps({"installed": good | {"auth_uri": "ftp://accounts.example.com"}}), "no web address"),
        (json.dumps({"installed": good | {"redirect_uris": ["https://app.example.com/back"]}}), "Desktop app"),
        (json.dumps({"installed": good | {"redirect_uris": ["http://10.0.0.1/"]}}), "not this machine"),
    ]
    for content, words in cases:
        if content is None:
            out.client_file.unlink()
        else:
            out.client_file.write_text(content, encoding="utf-8")
        browser = Browser(nobody)
        told = refused(out, SettingsError, browser)
        assert words in told
        assert str(out.client_file) in told or "redirect" in told
        assert browser.addresses == []
        (finding, *_) = out.account().check()
        assert finding.result == "fail" or "redirect" in told


# -- signing out -------------------------------------------------------------------------------------------------------


def sign_out(home: Home) -> None:
    assert home.connector.logout is not None
    home.connector.logout(home.settings, home.host)


def test_signing_out_revokes_and_deletes(out: Home) -> None:
    sign_in(out)
    sign_out(out)
    assert list(out.secrets.now) == ["mailbox"]  # whose it was outlives the sign-in
    assert [grant.dead for grant in out.google.oauth.grants] == [True]
    with pytest.raises(LoginNeeded, match="nothing to sign out of"):
        sign_out(out)
    with pytest.raises(LoginNeeded, match="auld login home"):
        out.read()


def test_another_mailbox_is_refused_after_a_logout_too(out: Home) -> None:
    sign_in(out)
    sign_out(out)
    out.google.mailbox.address = "robin@work.example.com"
    assert "this account is robin@example.com" in refused(out, LoginNeeded)


def test_what_a_running_read_refreshes_does_not_undo_a_logout_or_another_login(out: Home) -> None:
    sign_in(out)
    reading = out.account()
    assert reading.mail is not None
    list(reading.mail.changes(None, None))
    sign_out(out)
    sign_in(out)
    newer = kept(out)
    out.google.oauth.expire_access()
    with pytest.raises(LoginNeeded):  # its own sign-in is revoked
        list(reading.mail.changes(None, None))
    assert kept(out) == newer
    reading = out.account()
    assert reading.mail is not None
    list(reading.mail.changes(None, None))
    out.secrets.drop(tokens.NAME)
    out.google.oauth.expire_access()
    list(reading.mail.changes(None, None))
    assert tokens.NAME not in out.secrets.now


@pytest.mark.parametrize("fault", [reset(), status(503), html(502), portal()], ids=lambda one: one.name)
def test_signing_out_deletes_even_if_google_cannot_be_told(out: Home, fault: Fault) -> None:
    sign_in(out)
    out.google.plan = always(fault, "oauth.revoke")
    with pytest.raises(Unavailable, match=r"myaccount\.google\.com"):
        sign_out(out)
    assert list(out.secrets.now) == ["mailbox"]  # whose it was outlives the sign-in


def test_signing_out_of_what_was_revoked_already_is_no_failure(out: Home) -> None:
    sign_in(out)
    out.google.oauth.revoke_all()
    sign_out(out)
    assert list(out.secrets.now) == ["mailbox"]  # whose it was outlives the sign-in


def test_signing_out_without_the_clients_file_deletes_and_says_so(out: Home) -> None:
    sign_in(out)
    out.client_file.unlink()
    with pytest.raises(Unavailable, match="take the app's access away"):
        sign_out(out)
    assert list(out.secrets.now) == ["mailbox"]  # whose it was outlives the sign-in
