"""Signing in to Microsoft, by the browser and by a code, and out again. With the real msal."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.base import MAILBOX, Host
from connectors.errors import BadReply, ConnectorError, LoginNeeded, Refused, SettingsError, Unavailable
from connectors.outlook import signing, tokens
from connectors.outlook.scopes import permissions
from connectors.outlook.settings import OutlookSettings
from tests.cli.archive import run
from tests.connectors.gmail.browser import Hurried, nobody, parameters
from tests.connectors.outlook.entrance import Robin, User, entrance
from tests.google.answers import Reply, json
from tests.google.faults import Fault, always, once
from tests.graph.faults import html, malformed, portal, reset, shape, signin, status
from tests.graph.tokens import CONSUMERS, TENANT

SCOPES = ("Mail.ReadWrite", "Calendars.Read", "User.Read")
OPENID = {"openid", "profile", "offline_access"}
ROOT = Path(__file__).parents[3]


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Robin]:
    """An account that nobody is signed in to."""
    with entrance(tmp_path, monkeypatch) as robin:
        yield robin


def refused(robin: Robin, kind: type[ConnectorError], user: User | None = None) -> str:
    """Sign in, which must fail and change nothing; return the sentence."""
    before = dict(robin.secrets.now)
    with pytest.raises(ConnectorError) as caught:
        robin.by_browser(user)
    assert type(caught.value) is kind, caught.value
    assert robin.secrets.now == before
    return str(caught.value)


def by_code(robin: Robin) -> User:
    return User(browser=False, types=robin.graph.login.enter)


def test_signing_in_keeps_tokens_that_work(out: Robin) -> None:
    user = out.by_browser()
    assert out.kept.addresses == ("robin@example.com",)
    assert out.secrets.now[MAILBOX] == "robin@example.com"
    assert out.works(out.source.access())
    assert user.said[-1] == "Signed in as robin@example.com."


def test_a_code_signs_in_where_there_is_no_browser(out: Robin) -> None:
    user = out.by_code()
    ((address, code),) = user.codes
    assert address == "https://microsoft.com/devicelogin"
    assert code in {one.user_code for one in out.graph.login.devices.values()}
    assert user.addresses == []
    assert out.works(out.source.access())
    assert user.said[-1] == "Signed in as robin@example.com."


@pytest.mark.parametrize("user", [User, lambda: User(browser=False)], ids=["browser", "code"])
def test_each_permission_is_told_with_its_reason_before_the_user_is_asked_for_anything(out: Robin, user: Any) -> None:
    out.graph.plan = lambda call: None if call.method == "oauth.metadata" else status(503)
    asking = user()
    refused(out, Unavailable, asking)
    told = "\n".join(asking.said)
    for one in permissions(out.settings):
        assert f"{one.name}: {one.reason}" in told
    assert "cannot send" in told


@pytest.mark.parametrize("user", [User, lambda: User(browser=False)], ids=["browser", "code"])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [(signin("invalid_tenant"), SettingsError), (reset(), Unavailable), (portal(), Unavailable)],
    ids=["no such tenant", "no network", "a hotel's page"],
)
def test_a_sign_in_that_cannot_begin_says_nothing_of_permissions(
    out: Robin, fault: Fault, kind: type[ConnectorError], user: Any
) -> None:
    out.graph.plan = always(fault, "oauth.metadata")
    asking = user()
    refused(out, kind, asking)
    assert asking.said == []


@pytest.mark.parametrize(
    ("keys", "scopes"),
    [
        ({}, {"Mail.ReadWrite", "Calendars.Read", "User.Read"}),
        ({"calendar": False}, {"Mail.ReadWrite", "User.Read"}),
        ({"drafts": False}, {"Mail.ReadBasic", "Calendars.Read", "User.Read"}),
        ({"calendar": False, "drafts": False}, {"Mail.ReadBasic", "User.Read"}),
    ],
)
def test_no_more_is_asked_for_than_is_needed(out: Robin, keys: dict[str, bool], scopes: set[str]) -> None:
    out.configure(**keys)
    asked = out.by_browser().asked
    assert set(asked["scope"].split()) == scopes | OPENID
    out.by_code()
    (code,) = out.called("oauth.devicecode")
    assert set(code.form["scope"].split()) == scopes | OPENID
    out.run_out()
    out.source.access()
    assert set(out.called("oauth.token")[-1].form["scope"].split()) == scopes | OPENID
    assert (asked["prompt"], asked["response_type"]) == ("select_account", "code")


def test_no_word_of_the_source_is_a_permission_to_send_or_to_read_more() -> None:
    """Walks every text of the connector; the token itself cannot send, for it was never asked for."""
    allowed = {one.name for keys in ({}, {"drafts": False}) for one in permissions(_settings(**keys))}
    found = set()
    for path in (ROOT / "connectors" / "outlook").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"\b(?:Mail|Calendars|User|MailboxSettings|Files|SMTP)\.[A-Z]\w+", node.value))
    assert found == allowed == {*SCOPES, "Mail.ReadBasic"}


def test_state_and_verifier_are_new_each_time_and_the_answer_comes_to_this_machine(out: Robin) -> None:
    first, second = out.by_browser().asked, out.by_browser().asked
    for name in ("state", "code_challenge", "nonce"):
        assert first[name] != second[name]
    assert first["code_challenge_method"] == "S256"
    assert re.fullmatch(r"http://localhost:\d+", first["redirect_uri"])
    assert all(len(one.form["code_verifier"]) >= 43 for one in out.called("oauth.token"))


def test_a_code_that_was_asked_for_by_somebody_else_is_of_no_use(out: Robin) -> None:
    def swapped(address: str) -> None:
        mine = parameters(address)
        other = address.replace(mine["code_challenge"], "x" * 43)
        requests.get(requests.get(other, allow_redirects=False, timeout=5).headers["Location"], timeout=5)

    assert "invalid_grant" in refused(out, Refused, User(swapped))


def test_stray_requests_are_not_taken_for_the_answer(out: Robin) -> None:
    seen: list[int] = []

    def clumsy(address: str) -> None:
        asked = parameters(address)
        strays = ("favicon.ico", "?code=evil&state=wrong", "?code=evil", f"?state={asked['state']}")
        seen.extend(requests.get(f"{asked['redirect_uri']}/{stray}", timeout=5).status_code for stray in strays)
        requests.get(address, timeout=5)

    out.by_browser(User(clumsy))
    assert seen == [404] * 4


def test_nobody_coming_back_ends_in_time(out: Robin) -> None:
    out.host = replace(out.host, tick=Hurried())
    user = User(nobody)
    user.patience = timedelta(seconds=1)
    assert "auld login work" in refused(out, LoginNeeded, user)


def test_a_code_that_nobody_enters_ends_in_time_and_is_asked_about_in_turn(out: Robin) -> None:
    assert "auld login work" in refused(out, LoginNeeded, User(browser=False))
    at = [one.at for one in out.called("oauth.token")]
    assert at[-1] <= 300.0, "the user's patience"
    assert min(later - one for one, later in pairwise(at)) >= 5


def test_a_code_ends_when_microsoft_says_so_however_patient_the_user_is(out: Robin) -> None:
    user = User(browser=False)
    user.patience = timedelta(days=1)
    assert "not entered in time" in refused(out, LoginNeeded, user)
    assert out.graph.clock.tick() <= 1000


def test_being_asked_to_slow_down_slows_the_asking_down(out: Robin) -> None:
    out.graph.plan = once(signin("slow_down"), signin("slow_down"), method="oauth.token")
    out.by_code()
    at = [one.at for one in out.called("oauth.token")]
    assert [later - one for one, later in pairwise(at)] == [10.0, 15.0]


@pytest.mark.parametrize("interval", [0, -5, "0"])
def test_an_interval_of_nothing_does_not_make_auld_ask_without_a_pause(out: Robin, interval: object) -> None:
    told = {
        "device_code": "d", "user_code": "ABCD", "verification_uri": "https://microsoft.com/devicelogin",
        "expires_in": 10, "interval": interval,
    }  # fmt: skip
    out.graph.plan = once(Fault("interval", "before", json(told)), method="oauth.devicecode")
    out.graph.plan = _both(out.graph.plan, always(signin("authorization_pending"), "oauth.token"))
    refused(out, LoginNeeded, User(browser=False))
    assert len(out.called("oauth.token")) <= 11


def test_a_lost_answer_while_the_user_types_does_not_end_the_sign_in(out: Robin) -> None:
    out.graph.plan = once(status(503), reset(), html(), method="oauth.token")
    out.by_code()
    assert out.works(out.source.access())
    at = [one.at for one in out.called("oauth.token")]
    assert [later - one for one, later in pairwise(at)] == [10.0, 15.0, 20.0], "ever slower, as RFC 8628 has it"


def test_a_server_that_is_gone_for_good_is_told_when_the_time_is_over(out: Robin) -> None:
    out.graph.plan = always(status(503), "oauth.token")
    assert "later" in refused(out, Unavailable, by_code(out))


def test_no_is_no(out: Robin) -> None:
    out.graph.login.deny()
    told = refused(out, LoginNeeded)
    assert all(scope in told for scope in SCOPES)
    declines = User(browser=False, types=lambda code: out.graph.login.enter(code, allow=False))
    told = refused(out, LoginNeeded, declines)
    assert all(scope in told for scope in SCOPES)


@pytest.mark.parametrize(
    ("tenant", "page"), [("common", "organizations"), ("organizations", "organizations"), (TENANT, TENANT)]
)
def test_where_an_administrator_has_to_agree_the_address_for_it_is_told(out: Robin, tenant: str, page: str) -> None:
    out.configure(tenant=tenant)
    out.graph.login.needs_admin()
    told = refused(out, LoginNeeded)
    assert f"{out.graph.authority}/{page}/adminconsent?client_id={out.graph.login.client_id}" in told
    assert "Mail.ReadWrite" in told


def test_a_personal_account_has_no_administrator(out: Robin) -> None:
    out.graph.login.account = "personal"
    out.configure(tenant="consumers")
    out.graph.login.deny()
    assert "administrator" not in refused(out, LoginNeeded)


@pytest.mark.parametrize("missing", SCOPES)
@pytest.mark.parametrize("way", [User, by_code], ids=["browser", "code"])
def test_each_permission_that_was_not_given_is_named(out: Robin, missing: str, way: Any) -> None:
    out.graph.login.grant(*(one for one in SCOPES if one != missing))
    told = refused(out, LoginNeeded, way() if way is User else way(out))
    assert [scope for scope in SCOPES if f"{scope}:" in told] == [missing]
    assert "nobody is signed in" in told


def test_scopes_that_come_back_with_an_address_are_the_same_ones(out: Robin) -> None:
    out.graph.login.long_scopes = True
    out.by_browser()
    before = len(out.graph.log)
    assert out.source.access()
    assert len(out.graph.log) == before, "the one that is kept serves"


def test_a_second_sign_in_replaces_the_first_and_begins_with_its_account(out: Robin) -> None:
    out.by_browser()
    first = out.kept
    assert out.by_browser().asked["login_hint"] == "robin@example.com"
    assert out.kept.mark != first.mark
    assert len(list(out.kept.entries("RefreshToken"))) == 1
    assert out.works(out.source.access())


def test_another_mailbox_the_second_time_is_refused_also_after_a_logout(out: Robin) -> None:
    out.by_browser()
    out.graph.mail.me |= {"mail": "other@example.com", "userPrincipalName": "other@example.com", "proxyAddresses": []}
    for told in (refused(out, LoginNeeded), refused(out, LoginNeeded, by_code(out))):
        assert "other@example.com" in told
        assert "robin@example.com" in told
    signing.logout(out.settings, out.host)
    assert "robin@example.com" in refused(out, LoginNeeded)


def test_a_mailbox_that_got_a_new_name_and_keeps_the_old_one_is_the_same(out: Robin) -> None:
    out.by_browser()
    out.graph.mail.me |= {
        "mail": "robin.park@example.com", "userPrincipalName": "robin.park@example.com",
        "proxyAddresses": ["SMTP:robin.park@example.com", "smtp:robin@example.com"],
    }  # fmt: skip
    out.by_browser()
    assert out.kept.addresses == ("robin.park@example.com", "robin@example.com")
    assert out.secrets.now[MAILBOX] == "robin.park@example.com"


def test_giving_less_the_second_time_changes_nothing(out: Robin) -> None:
    out.by_browser()
    out.graph.login.grant("User.Read")
    assert "nothing has changed" in refused(out, LoginNeeded)
    assert out.works(out.source.access())


def test_whose_mailbox_it_is_may_stay_untold_the_first_time(out: Robin) -> None:
    out.graph.plan = always(status(503), "me.get")
    with pytest.raises(Unavailable):
        out.by_browser()
    assert out.kept.addresses == (), "the sign-in is good: only whose it is was not told"
    assert MAILBOX not in out.secrets.now
    out.graph.plan = None
    out.by_browser()
    out.graph.plan = always(status(503), "me.get")
    refused(out, Unavailable)


def test_a_token_that_graph_does_not_take_is_told(out: Robin) -> None:
    out.graph.plan = always(status(401), "me.get")
    with pytest.raises(LoginNeeded, match="auld login work"):
        out.by_browser()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (status(500), Unavailable), (status(503), Unavailable), (status(429, retry_after=7), Unavailable),
        (html(502), Unavailable), (html(403), Unavailable), (reset(), Unavailable), (reset("after"), Unavailable),
        (portal(), Unavailable), (malformed(), BadReply), (shape([]), BadReply), (shape(None), BadReply),
        (Fault("redirect", "before", Reply(302, headers=(("Location", "https://portal.example.net/"),))), Unavailable),
        (Fault("empty", "before", json({})), BadReply),
        (Fault("no texts", "before", json({"error": {"code": 5}}, 400)), BadReply),
        (Fault("elsewhere", "before", json({
            "token_endpoint": "http://login.example.net/common/token", "authorization_endpoint": "http://x.example.net/a",
        })), BadReply),
        (signin("invalid_tenant"), SettingsError),
    ],
    ids=lambda one: one.name if isinstance(one, Fault) else "",
)  # fmt: skip
def test_a_sign_in_that_cannot_even_begin_is_told_in_a_sentence(
    out: Robin, fault: Fault, kind: type[ConnectorError], caplog: pytest.LogCaptureFixture
) -> None:
    """Where to sign in is asked in the constructor of msal's app."""
    out.graph.plan = always(fault, "oauth.metadata")
    refused(out, kind)
    refused(out, kind, User(browser=False))
    assert not [one for one in caplog.records if one.levelname in {"WARNING", "ERROR"}]


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "device_authorization_endpoint"])
def test_nobody_is_sent_and_nothing_is_told_where_it_is_not_encrypted(out: Robin, name: str) -> None:
    def elsewhere(true: Reply) -> Reply:
        good = f'"{name}":"{out.graph.authority}'.encode()
        assert good in true.body
        return Reply(200, true.body.replace(good, f'"{name}":"http://login.example.net'.encode()), true.kind)

    out.graph.plan = always(Fault(name, "after", spoil=elsewhere), "oauth.metadata")
    user = User(browser=name == "authorization_endpoint")
    refused(out, BadReply, user)
    assert user.addresses == []
    assert user.codes == []


@pytest.mark.parametrize("way", ["browser", "code", "asking for the code"])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (portal(), Unavailable), (malformed("before"), BadReply), (shape([], "before"), BadReply),
        (Fault("empty", "before", json({})), BadReply),
        (Fault("odd texts", "before", json({"access_token": ["a"], "user_code": 1})), BadReply),
        (Fault("odd id", "before", json({"access_token": "a", "id_token": "x", "refresh_token": "r"})), BadReply),
        (Fault("odd end", "before", json({"access_token": "a", "expires_in": "soon", "interval": "x"})), BadReply),
        (signin("invalid_client"), Refused), (signin("unauthorized_client"), Refused),
        (signin("invalid_scope"), Refused),
        (signin("interaction_required"), LoginNeeded), (signin("invalid_grant", "consent_required"), LoginNeeded),
        (signin("something_new"), BadReply),
    ],
    ids=lambda one: one.name if isinstance(one, Fault) else "",
)  # fmt: skip
def test_an_answer_that_gives_no_sign_in_is_told_in_a_sentence(
    out: Robin, way: str, fault: Fault, kind: type[ConnectorError]
) -> None:
    out.graph.plan = always(fault, "oauth.devicecode" if way.startswith("asking") else "oauth.token")
    told = refused(out, kind, User() if way == "browser" else by_code(out))
    assert "AADSTS" not in told or kind is Refused
    assert "Trace ID" not in told
    if kind is Refused and fault.name.startswith(("invalid_client", "unauthorized")):
        assert "Allow public client flows" in told
        assert "docs/outlook.md" in told


def test_a_sign_in_that_would_not_last_is_not_kept(out: Robin) -> None:
    def short(true: Reply) -> Reply:
        return Reply(true.status, true.body.replace(b'"refresh_token"', b'"forgotten"'), true.kind)

    out.graph.plan = always(Fault("no refresh token", "after", spoil=short), "oauth.token")
    assert "no refresh token" in refused(out, BadReply)


def test_an_unknown_organisation_is_an_error_of_the_config(out: Robin) -> None:
    out.configure(tenant="nobody.example.net")
    assert "nobody.example.net" in refused(out, SettingsError)


@pytest.mark.parametrize("fault", [html(404), html(400), malformed(), shape({})], ids=lambda fault: fault.name)
def test_a_host_that_signs_nobody_in_is_told_with_the_key_that_names_it(out: Robin, fault: Fault) -> None:
    out.graph.plan = always(fault, "oauth.metadata")
    told = refused(out, BadReply)
    assert out.graph.authority in told
    assert "authority in the config" in told


def test_logging_out_deletes_the_tokens_and_says_what_is_left_to_do(out: Robin) -> None:
    out.by_browser()
    asked = len(out.graph.log)
    assert "https://myapps.microsoft.com" in signing.logout(out.settings, out.host)
    assert out.secrets.now == {MAILBOX: "robin@example.com"}
    assert len(out.graph.log) == asked
    with pytest.raises(LoginNeeded):
        signing.logout(out.settings, out.host)
    out.graph.login.account = "personal"
    out.by_browser()
    assert out.kept.home == CONSUMERS
    assert "https://account.live.com/consent/Manage" in signing.logout(out.settings, out.host)


def test_the_commands_show_the_code_and_what_is_left_to_do(
    out: Robin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = out.graph.clock
    monkeypatch.setattr(
        "daemon.accounts.Host",
        lambda secrets, now, folder, name, **_: Host(secrets, now, folder, name, clock.tick, clock.wait),
    )
    config = tmp_path / "config.toml"
    config.write_text(
        'state = "state"\n[me]\nname = "Robin Park"\ntimezone = "Europe/Amsterdam"\n[[accounts]]\nname = "work"\n'
        f'kind = "outlook"\nclient_id = "{out.graph.login.client_id}"\nauthority = "{out.graph.authority}"\n'
        f'api_url = "{out.graph.url}"\n',
        "utf-8",
    )
    out.graph.login.device_polls = 1
    ran = run("--config", str(config), "login", "work", "--no-browser")
    assert ran.code == 0, ran.err
    (device,) = out.graph.login.devices.values()
    assert ran.out.splitlines() == ["https://microsoft.com/devicelogin", device.user_code]
    assert "  Mail.ReadWrite: to see" in ran.err
    assert "Signed in as robin@example.com." in ran.err
    ran = run("--config", str(config), "logout", "work")
    assert ran.code == 0
    assert "https://myapps.microsoft.com" in ran.err
    assert not (tmp_path / "state" / "secrets" / "work" / tokens.NAME).exists()


# -- the config ------------------------------------------------------------------------------------------------------


def _settings(**keys: Any) -> OutlookSettings:
    return OutlookSettings(**({"client_id": "4C3B9D6E-2f0a-4a51-8a39-8f0f6f5f2f7d"} | keys))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"client_id": "Yxz8Q~abcdefghijklmnopqrstuvwxyz0123456"}, "looks like a client secret"),
        ({"client_id": "auld"}, r"Application \(client\) ID"),
        ({"client_id": ""}, r"Application \(client\) ID"),
        ({"tenant": "https://login.microsoftonline.com/common"}, "is no tenant"),
        ({"tenant": "everybody"}, "is no tenant"),
        ({"tenant": "a/b.example.com"}, "is no tenant"),
        ({"authority": "http://login.example.com", "api_url": "https://graph.example.com"}, "not encrypted"),
        ({"authority": "http://localhost:8080"}, "not encrypted"),
        ({"authority": "https://login.microsoftonline.com/example.com"}, "as tenant"),
        ({"api_url": "http://graph.example.com"}, "not encrypted"),
        ({"api_url": "https://graph.microsoft.com/v1.0"}, '"https://graph.microsoft.com"'),
        ({"authority": "https://login.microsoftonline.us"}, "https://graph.microsoft.us"),
        (
            {"authority": "https://login.microsoftonline.us", "api_url": "https://graph.microsoft.com"},
            "https://graph.microsoft.us",
        ),
        ({"api_url": "https://graph.microsoft.us"}, 'authority = "https://login.microsoftonline.us"'),
        ({"api_url": "https://dod-graph.microsoft.us/"}, 'authority = "https://login.microsoftonline.us"'),
        (
            {"authority": "https://login.chinacloudapi.cn", "api_url": "https://graph.microsoft.us"},
            'authority = "https://login.microsoftonline.us"',
        ),
        ({"secret": "x"}, "secret"),
    ],
)
def test_a_config_that_cannot_work_is_told_what_to_write(keys: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        _settings(**keys)


def test_a_national_cloud_and_every_kind_of_tenant_can_be_named() -> None:
    cloud = _settings(authority="https://login.microsoftonline.us/", api_url="https://graph.microsoft.us/")
    assert (cloud.signs_in_at, cloud.api) == ("https://login.microsoftonline.us", "https://graph.microsoft.us")
    defence = _settings(authority="https://login.microsoftonline.us", api_url="https://dod-graph.microsoft.us")
    assert defence.api == "https://dod-graph.microsoft.us"
    usual = _settings()
    assert (usual.signs_in_at, usual.api) == ("https://login.microsoftonline.com", "https://graph.microsoft.com")
    for tenant in ("common", "Organizations", "consumers", TENANT, "example.onmicrosoft.com"):
        assert _settings(tenant=tenant).tenant == tenant.lower()


def _both(*plans: Any) -> Any:
    return lambda call: next((fault for plan in plans if (fault := plan(call))), None)
