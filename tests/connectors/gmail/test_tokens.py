"""The tokens of a sign-in: renewed, kept before they are used, and what their end means."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import BadReply, ConnectorError, LoginNeeded, Refused, Unavailable
from connectors.gmail import tokens
from connectors.gmail.settings import GmailSettings
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import got, ids
from tests.connectors.gmail.town import Town, town
from tests.google import Call, Fault
from tests.google.answers import Reply
from tests.google.faults import always, html, once, portal, reset, shape, status


def oauth(home: Home) -> list[Call]:
    return [one for one in home.google.log if one.method == "oauth.token"]


@pytest.mark.parametrize("rotation", ["at once", "on use"])
def test_a_new_refresh_token_is_kept_before_it_or_its_access_token_is_used(home: Home, rotation: str) -> None:
    google = home.google
    google.oauth.rotation = rotation  # type: ignore[assignment]
    got(google, 1, 1)
    for _ in range(3):
        google.oauth.expire_access()
        seen: list[tuple[str, int]] = []
        google.plan = lambda call, seen=seen: seen.append((call.method, len(home.secrets.kept)))
        before = len(home.secrets.kept)
        assert ids(home.read()) == ["1"]
        renewed = [method for method, _ in seen].index("oauth.token")
        assert seen[renewed] == ("oauth.token", before)
        assert {count for _, count in seen[renewed + 1 :]} == {before + 1}
    used = [call.form["refresh_token"] for call in oauth(home)]
    assert len(set(used)) == 3, "each was used once"
    assert [json.loads(one)["refresh_token"] for one in home.secrets.kept[:3]] == used


def test_a_crash_after_the_renewal_costs_nothing(home: Home) -> None:
    home.google.oauth.rotation = "at once"
    home.google.oauth.expire_access()
    home.google.plan = once(None, status(500), *[status(500)] * 9, method="getProfile")
    with pytest.raises(Unavailable):
        home.read()
    home.google.plan = None
    home.google.oauth.expire_access()
    home.read()
    assert [one.status for one in oauth(home)] == [200, 200]


def test_an_access_token_known_to_be_over_is_renewed_before_it_is_tried(home: Home) -> None:
    kept = tokens.load(home.host)
    assert kept is not None
    tokens.keep(home.host, replace(kept, expires_at=datetime.now(UTC) - timedelta(minutes=1)))
    home.read()
    assert home.google.log[0].method == "oauth.token"
    assert 401 not in {one.status for one in home.google.log}


def test_one_renewal_serves_a_whole_read(home: Home) -> None:
    for number in range(30):
        got(home.google, number, 1 + number)
    home.google.oauth.expire_access()
    assert len(ids(home.read())) == 30
    assert len(oauth(home)) == 1


def test_a_renewal_names_no_scopes(home: Home) -> None:
    """Named ones are refused once one of them was taken back."""
    home.google.oauth.expire_access()
    home.read()
    assert set(oauth(home)[0].form) == {"grant_type", "client_id", "client_secret", "refresh_token"}


def answering(body: bytes, code: int) -> Fault:
    return Fault(f"{code} {body[:20]!r}", "before", Reply(code, body))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (status(500), Unavailable), (status(503), Unavailable), (html(502), Unavailable), (reset(), Unavailable),
        (status(429), Unavailable), (portal(), Unavailable), (shape([]), BadReply), (shape(None), BadReply),
        (answering(b"{}", 200), BadReply), (answering(b'{"error": {"code": 400}}', 400), BadReply),
        (answering(b'{"error": ["x"]}', 400), BadReply), (answering(b"<html>", 404), BadReply),
        (answering(b"[" * 50_000, 200), BadReply),
        (answering(b'{"access_token": "a", "expires_in": 1e300}', 200), BadReply),
        (answering(b'{"error": "invalid_client"}', 401), Refused),
        (answering(b'{"error": "unauthorized_client"}', 401), Refused),
        (answering(b'{"error": "admin_policy_enforced"}', 400), Refused),
        (answering(b'{"error": "invalid_grant"}', 400), LoginNeeded),
        (answering(b'{"error": "invalid_grant", "error_subtype": "invalid_rapt"}', 400), LoginNeeded),
    ],
    ids=lambda one: one.name if isinstance(one, Fault) else "",
)  # fmt: skip
@pytest.mark.parametrize("known", [True, False], ids=["over", "refused"])
def test_a_renewal_that_fails_is_told_in_a_sentence(
    home: Home, fault: Fault, kind: type[ConnectorError], known: bool
) -> None:
    kept = home.secrets.now[tokens.NAME]
    if known:
        sign_in = tokens.load(home.host)
        assert sign_in is not None
        kept = tokens.write(replace(sign_in, expires_at=datetime(2026, 1, 1, tzinfo=UTC)))
        home.secrets.put(tokens.NAME, kept)
    home.google.oauth.expire_access()
    home.google.plan = always(fault, "oauth.token")
    with pytest.raises(ConnectorError) as caught:
        home.read()
    assert type(caught.value) is kind, caught.value
    assert home.secrets.now[tokens.NAME] == kept, "what is kept may work later"
    assert len(oauth(home)) <= 6


def test_a_revoked_sign_in_says_how_to_sign_in_again(home: Home) -> None:
    home.google.oauth.revoke_all()
    with pytest.raises(LoginNeeded, match="auld login home") as caught:
        home.read()
    assert "publish" not in str(caught.value)


def test_one_that_ends_seven_days_after_consent_says_to_publish_the_app(home: Home) -> None:
    home.google.oauth.refresh_lifetime = timedelta(days=7)
    home.google.clock.wait(timedelta(days=7, hours=1).total_seconds())
    with pytest.raises(LoginNeeded, match=r"publish the app.*auld login home"):
        home.read()
    assert any("publish" in one.detail for one in home.account().check())


def test_nobody_signed_in_is_told_before_anything_is_asked(home: Home) -> None:
    for kept in (None, "", "{}", "[]", "null", '{"refresh_token": 1}', "[" * 50_000, '{"expires_at": 5}'):
        home.secrets.now = {} if kept is None else {tokens.NAME: kept}
        with pytest.raises(LoginNeeded, match="auld login home"):
            home.read()
        with pytest.raises(LoginNeeded):
            list(home.calendar.changes(None, None))
        with pytest.raises(LoginNeeded):
            list(home.drafts.all())
        assert any(one.fix == "auld login home" for one in home.account().check())
        assert home.account().addresses() == ()
    assert home.google.log == []


def test_what_is_kept_comes_back_as_it_was(home: Home) -> None:
    kept = tokens.load(home.host)
    assert kept is not None
    for expires in (None, datetime(2026, 10, 1, 10, tzinfo=UTC)):
        tokens.keep(home.host, replace(kept, expires_at=expires, email="ö@example.com"))
        assert tokens.load(home.host) == replace(kept, expires_at=expires, email="ö@example.com")


@pytest.mark.parametrize(
    "address",
    ["http://gmail.example.com", "http://127.0.0.1.example.com", "ftp://localhost", "localhost:8080", "http://", "x",
     "http://[::2]/", "https://gmail.example.com/?x=1", "https://gmail.example.com/#x", "http://10.0.0.1", "https://h:0/"],
)  # fmt: skip
def test_a_host_to_which_no_token_may_go_is_refused_in_the_config(address: str) -> None:
    with pytest.raises(ValueError, match=r"not encrypted|no web address"):
        GmailSettings(client_secret="c.json", api_url=address)


@pytest.mark.parametrize(
    "address", ["https://gmail.example.com/", "http://127.0.0.1:80/x/", "http://localhost", "http://[::1]:9", ""]
)
def test_https_and_this_machine_are_places_for_tokens(address: str) -> None:
    assert GmailSettings(client_secret="c.json", api_url=address).api_url == address.rstrip("/")


# -- through the program -----------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


def test_other_accounts_go_on_when_one_needs_a_sign_in(place: Town) -> None:
    (place.path / "Sent" / "cur").mkdir(parents=True)
    (place.path / "Sent" / "new").mkdir()
    (place.path / "Sent" / "cur" / "1.a:2,S").write_bytes(
        b"From: robin@example.com\nTo: Bela <bela@example.org>\nDate: Mon, 01 Jun 2026 10:00:00 +0000\n"
        b"Message-ID: <b1@example.com>\n\nHello\n"
    )
    text = place.config.read_text("utf-8").replace("[me]\n", '[me]\nemails = ["robin@example.com"]\n')
    other = '[[accounts]]\nname = "archive"\nkind = "files"\nsent = "Sent"\n'
    place.config.write_text(text.replace("[[accounts]]", other + "[[accounts]]", 1), encoding="utf-8")
    place.google.oauth.revoke_all()
    ran = place.run("sync", code=1)
    assert "auld login home" in ran.err
    known = {one["emails"][0]: one["contact_days"] for one in place.ask("people", "--all")}
    assert known == {"ana@example.org": 0, "bela@example.org": 1}
    health = {one["name"]: one["health"] for one in place.ask("status", code=1)["accounts"]}
    assert health == {"archive": "ok", "home": "needs-login"}
    place.sign_in()
    place.run("sync")


def test_an_api_url_elsewhere_is_a_config_error_that_names_it(place: Town) -> None:
    place.configure(api_url="http://gmail.example.com")
    ran = place.run("sync", code=78)
    assert "api_url" in ran.err
    assert "not encrypted" in ran.err
    assert place.google.log == []


@pytest.mark.parametrize("trouble", [None, status(401), status(503), reset("after"), portal()])
def test_no_secret_stands_in_any_word_of_the_program(
    place: Town, trouble: Fault | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "connectors")
    caplog.set_level(logging.DEBUG, "daemon")
    google = place.google
    google.oauth.rotation = "at once"
    secrets = {google.oauth.client_secret}
    said = ""
    for words in (["sync", "-v"], ["once", "-v"], ["check", "-v"], ["status", "--json"], ["logout", "home", "-v"]):
        kept = json.loads(place.secrets.get(tokens.NAME) or "{}")
        secrets |= {kept["refresh_token"], kept["access_token"]}
        google.plan = None if trouble is None else once(None, None, trouble, trouble, *[trouble] * 9)
        ran = place.run(*words, code=(0, 1, 69, 77))
        said += ran.all
        if words[0] != "logout":
            kept = json.loads(place.secrets.get(tokens.NAME) or "{}")
            secrets |= {kept["refresh_token"], kept["access_token"]}
        google.oauth.expire_access()
    said += caplog.text
    assert len(secrets) >= 3
    assert not any(secret in said for secret in secrets)
    assert "ya29." not in said
    assert "Bearer" not in said
    assert not any(secret in place.config.read_text("utf-8") for secret in secrets)
    kept_elsewhere = [
        path for path in place.state.rglob("*") if path.is_file() and path.parent.parent.name != "secrets"
    ]
    assert not any(secret.encode() in path.read_bytes() for path in kept_elsewhere for secret in secrets)


def test_tokens_lie_in_files_only_the_user_can_read(place: Town) -> None:
    place.google.oauth.expire_access()
    place.run("sync")
    (file,) = (place.state / "secrets" / "home").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
