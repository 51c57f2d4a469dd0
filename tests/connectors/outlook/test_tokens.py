"""The tokens of a sign-in at Microsoft: renewed, kept before they are used, and what their end means."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import MAILBOX
from connectors.errors import BadReply, ConnectorError, LoginNeeded, Refused, Unavailable
from connectors.outlook import signing, tokens
from connectors.outlook.settings import OutlookSettings
from daemon.secrets import FileSecrets
from tests.connectors.outlook.entrance import Robin, entrance
from tests.google.answers import Reply
from tests.google.answers import json as answered
from tests.google.calls import Call, Request
from tests.google.faults import Fault, always, once
from tests.graph.faults import html, malformed, portal, reset, shape, signin, status

TOKEN = "oauth.token"


@pytest.fixture
def robin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Robin]:
    """An account that is signed in to."""
    with entrance(tmp_path, monkeypatch) as made:
        made.by_browser()
        made.graph.log.clear()
        yield made


def renewals(robin: Robin) -> list[Call]:
    return robin.called(TOKEN)


def refused(robin: Robin, kind: type[ConnectorError], *, fresh: bool = False) -> str:
    """Ask for a token, which must fail and change nothing that is kept; return the sentence."""
    before = dict(robin.secrets.now)
    with pytest.raises(ConnectorError) as caught:
        robin.source.access(fresh=fresh)
    assert type(caught.value) is kind, caught.value
    assert robin.secrets.now == before, "what is kept may work later"
    return str(caught.value)


def test_a_token_that_is_good_is_given_without_asking_anybody(robin: Robin) -> None:
    source = robin.source
    assert source.access() == source.access() == robin.source.access()
    assert robin.graph.log == []


def test_msal_is_not_loaded_for_a_token_that_is_good(robin: Robin, tmp_path: Path) -> None:
    """It takes 30 MB and a tenth of a second, each time that auld runs."""
    FileSecrets(tmp_path / "kept").put(tokens.NAME, robin.secrets.now[tokens.NAME])
    keys = {"client_id": robin.settings.client_id, "authority": robin.settings.authority, "api_url": robin.settings.api}
    script = (
        "import sys\nfrom pathlib import Path\nfrom datetime import datetime\n"
        "from connectors.base import Host\nfrom connectors.outlook import signing, tokens\n"
        "from connectors.outlook.settings import OutlookSettings\nfrom daemon.secrets import FileSecrets\n"
        f"host = Host(FileSecrets(Path({str(tmp_path / 'kept')!r})), datetime.now, Path(), 'work')\n"
        f"assert tokens.Tokens(OutlookSettings(**{keys!r}), host).access()\n"
        "print(sorted(name for name in ('msal', 'jwt', 'cryptography') if name in sys.modules))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize("rotation", ["kept", "at once"])
def test_what_a_renewal_brings_is_kept_before_it_is_used(robin: Robin, rotation: str) -> None:
    robin.graph.login.rotation = rotation  # type: ignore[assignment]
    source, used = robin.source, set()
    for _ in range(3):
        robin.run_out()
        before = len(robin.secrets.kept)
        token = source.access()
        (kept,) = robin.secrets.kept[before:]
        assert token in kept, "in one piece: a kill finds the old or the new"
        assert robin.works(token)
        used.add(renewals(robin)[-1].form["refresh_token"])
    assert len(used) == 3


def test_a_token_that_cannot_be_kept_is_not_used(robin: Robin, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_name: str, _value: str) -> None:
        raise Refused("no room")

    robin.run_out()
    monkeypatch.setattr(robin.secrets, "put", full)
    assert refused(robin, Refused) == "no room"


def test_a_token_that_is_not_taken_is_renewed_though_it_has_time_left(robin: Robin) -> None:
    source = robin.source
    first = source.access()
    second = source.access(fresh=True)
    assert second != first
    assert source.access() == second
    assert len(renewals(robin)) == 1


def test_a_token_is_renewed_some_minutes_before_its_end(robin: Robin) -> None:
    soon = str(int(datetime.now(UTC).timestamp()) + 240)
    robin.update("AccessToken", expires_on=soon)
    robin.source.access()
    assert len(renewals(robin)) == 1


def test_where_to_sign_in_is_asked_once(robin: Robin) -> None:
    source = robin.source
    for _ in range(3):
        robin.run_out()
        source.access()
    assert len(robin.called("oauth.metadata")) == 1
    assert len(renewals(robin)) == 3


# -- what others do meanwhile ------------------------------------------------------------------------------------------


def test_a_logout_meanwhile_is_not_undone(robin: Robin) -> None:
    robin.run_out()
    robin.meanwhile(lambda: signing.logout(robin.settings, robin.host))
    with pytest.raises(LoginNeeded, match="Nobody is signed in: auld login work"):
        robin.source.access()
    assert set(robin.secrets.now) == {MAILBOX}


def test_a_login_meanwhile_is_not_undone_and_its_token_is_used(robin: Robin) -> None:
    robin.run_out()
    old = robin.secrets.now[tokens.NAME]
    robin.by_code()
    new = robin.secrets.now[tokens.NAME]
    robin.secrets.now[tokens.NAME] = old
    robin.meanwhile(lambda: robin.secrets.put(tokens.NAME, new))
    token = robin.source.access()
    assert robin.secrets.now[tokens.NAME] == new
    assert token in new


def test_a_renewal_by_another_process_meanwhile_serves_this_one_too(robin: Robin) -> None:
    """Where a refresh token is good for one use, the second to use it is told that the sign-in is dead."""
    robin.graph.login.rotation = "at once"
    robin.run_out()
    old = robin.secrets.now[tokens.NAME]
    other = robin.source.access()
    new = robin.secrets.now[tokens.NAME]
    robin.secrets.now[tokens.NAME] = old
    robin.meanwhile(lambda: robin.secrets.put(tokens.NAME, new))
    assert robin.source.access() == other
    assert robin.works(other)
    assert [one.status for one in renewals(robin)] == [200, 400]


def test_a_login_and_a_logout_between_two_uses_count_at_once(robin: Robin) -> None:
    source = robin.source
    first = source.access()
    robin.by_browser()
    assert source.access() != first
    signing.logout(robin.settings, robin.host)
    with pytest.raises(LoginNeeded):
        source.access()


def test_two_processes_that_sign_in_in_turn_without_end_do_not_hold_this_one(robin: Robin) -> None:
    def new_mark() -> None:
        robin.secrets.now[tokens.NAME] = tokens.write(replace(robin.kept, mark=str(len(robin.graph.log))))

    robin.run_out()

    def plan(call: Call) -> Fault | None:
        if call.method == TOKEN:
            new_mark()
        return None

    robin.graph.plan = plan
    with pytest.raises(Unavailable, match="at the same moment"):
        robin.source.access()


# -- what can go wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (signin("invalid_grant"), LoginNeeded, "ended the sign-in"),
        (signin("invalid_grant", "bad_token"), LoginNeeded, "ended the sign-in"),
        (signin("invalid_grant", "token_expired"), LoginNeeded, "ended the sign-in"),
        (signin("invalid_grant", "something_new"), LoginNeeded, "ended the sign-in"),
        (signin("invalid_grant", "basic_action"), LoginNeeded, "second factor"),
        (signin("invalid_grant", "user_password_expired"), LoginNeeded, "new password"),
        (signin("interaction_required", "message_only"), LoginNeeded, "rule of your organisation"),
        (signin("interaction_required"), LoginNeeded, "sign in again"),
        (signin("login_required"), LoginNeeded, "sign in again"),
        (signin("consent_required"), LoginNeeded, "Mail.ReadWrite, Calendars.Read, User.Read"),
        (signin("interaction_required", "consent_required"), LoginNeeded, "/adminconsent?client_id="),
        (signin("invalid_client"), Refused, "Allow public client flows"),
        (signin("unauthorized_client"), Refused, "docs/outlook.md, step"),
        (signin("invalid_scope"), Refused, "refuses the sign-in"),
        (signin("temporarily_unavailable"), Unavailable, "busy"),
        (Fault("server_error", "before", answered({"error": "server_error"}, 400)), Unavailable, "busy"),
        (signin("something_new"), BadReply, "cannot be understood"),
        (status(500), Unavailable, "500"), (status(408), Unavailable, "408"), (html(502), Unavailable, "502"),
        (html(403), Unavailable, "a proxy"), (html(401), Unavailable, "a proxy"),
        (reset(), Unavailable, "cannot be reached"), (reset("after", "close"), Unavailable, "cannot be reached"),
        (Fault("deep", "before", Reply(200, b"[" * 50_000)), BadReply, ""),
        (portal(), Unavailable, "in a browser"), (malformed(), BadReply, ""),
        (shape([]), BadReply, ""), (shape(None), BadReply, ""),
        (Fault("empty", "before", answered({})), BadReply, ""),
        (Fault("no text", "before", answered({"access_token": 5})), BadReply, ""),
        (Fault("list", "before", answered({"access_token": "a", "refresh_token": ["b"]})), BadReply, ""),
        (Fault("end", "before", answered({"access_token": "a", "expires_in": "soon"})), BadReply, ""),
        (Fault("no end", "before", Reply(200, b'{"access_token": "a", "expires_in": 1e999}')), BadReply, ""),
        (Fault("error", "before", answered({"error": {"code": 400}}, 400)), BadReply, ""),
    ],
    ids=lambda one: one.name if isinstance(one, Fault) else "",
)  # fmt: skip
@pytest.mark.parametrize("fresh", [False, True], ids=["over", "not taken"])
def test_a_renewal_that_fails_is_told_in_a_sentence(
    robin: Robin, fault: Fault, kind: type[ConnectorError], words: str, fresh: bool, caplog: pytest.LogCaptureFixture
) -> None:
    if not fresh:
        robin.run_out()
    robin.graph.plan = always(fault, TOKEN)
    told = refused(robin, kind, fresh=fresh)
    assert words in told
    assert kind is not LoginNeeded or "auld login work" in told
    assert len(renewals(robin)) == 1, "nothing is asked twice"
    assert not [one for one in caplog.records if one.levelname in {"WARNING", "ERROR"}]
    robin.graph.plan = None
    assert robin.works(robin.source.access(fresh=True))


@pytest.mark.parametrize("secret", ["a b", "a\nb", "é", ""])
def test_an_access_token_that_cannot_be_sent_is_not_used(robin: Robin, secret: str) -> None:
    robin.update("AccessToken", secret=secret)
    told = answered({"access_token": secret, "expires_in": 3600, "refresh_token": "new", "scope": "x"})
    robin.graph.plan = once(Fault("odd token", "before", told), method=TOKEN)
    with pytest.raises(BadReply):
        robin.source.access()
    assert {one["secret"] for one in robin.kept.entries("RefreshToken")} == {"new"}, "it may be the only one that works"


def test_a_server_that_says_when_to_come_again_is_told_so(robin: Robin) -> None:
    robin.graph.plan = always(status(429, retry_after=120), TOKEN)
    with pytest.raises(Unavailable) as caught:
        robin.source.access(fresh=True)
    assert caught.value.retry_after == timedelta(minutes=2)


def test_an_answer_of_megabytes_ends(robin: Robin) -> None:
    robin.graph.plan = always(Fault("large", "before", answered({"access_token": "a" * 2_000_000})), TOKEN)
    refused(robin, BadReply, fresh=True)


def test_a_refresh_token_goes_nowhere_without_encryption_and_follows_no_redirect(robin: Robin) -> None:
    away = answered({}, 307, (("Location", "https://portal.example.net/token"),))
    robin.graph.plan = always(Fault("redirect", "before", away), TOKEN)
    refused(robin, BadReply, fresh=True)
    told = {
        "authorization_endpoint": f"{robin.graph.authority}/a",
        "token_endpoint": f"http://localhost.example.net:{robin.graph.authority.rpartition(':')[2]}/common/token",
    }
    robin.graph.plan = always(Fault("elsewhere", "before", answered(told)), "oauth.metadata")
    refused(robin, BadReply, fresh=True)


def test_a_certificate_that_nobody_trusts_is_told(robin: Robin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert "certificate" in refused(robin, Unavailable, fresh=True)
    assert robin.graph.log == []


def test_a_password_in_netrc_is_not_sent(robin: Robin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine localhost login robin password swordfish\n", "utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    seen: list[str | None] = []
    handle = robin.graph.handle

    def look(request: Request, root: str, **more: bool) -> Reply:
        seen.append(request.headers.get("authorization"))
        return handle(request, root, **more)

    monkeypatch.setattr(robin.graph, "handle", look)
    robin.source.access(fresh=True)
    assert seen == [None, None]


def test_a_revoked_sign_in_and_one_that_was_not_used_for_long_say_how_to_sign_in_again(robin: Robin) -> None:
    robin.graph.clock.wait(timedelta(days=91).total_seconds())
    assert "auld login work" in refused(robin, LoginNeeded, fresh=True)
    robin.by_browser()
    robin.graph.login.revoke_all()
    assert "ended the sign-in" in refused(robin, LoginNeeded, fresh=True)


def test_where_drafts_are_switched_off_later_the_wider_permission_does(robin: Robin) -> None:
    robin.configure(drafts=False)
    assert robin.works(robin.source.access())
    robin.run_out()
    assert robin.works(robin.source.access())
    assert [one.result for one in robin.account().check() if one.name == "sign-in"] == ["ok"]


def test_a_permission_that_the_config_newly_needs_is_named(robin: Robin) -> None:
    robin.configure(calendar=False)
    robin.by_browser()
    assert robin.source.access()
    robin.configure(calendar=True)
    told = refused(robin, LoginNeeded)
    assert "that auld may have Calendars.Read: auld login work, and agree" in told
    assert f"/{robin.graph.login.tenant}/adminconsent?client_id=" in told, "of the user's own organisation"
    robin.by_browser()
    assert robin.source.access()


def test_a_permission_that_the_config_needs_no_more_changes_nothing(robin: Robin) -> None:
    robin.configure(calendar=False)
    assert robin.source.access()
    assert renewals(robin) == []


def test_another_client_id_needs_another_sign_in(robin: Robin) -> None:
    robin.configure(client_id="00000000-2f0a-4a51-8a39-8f0f6f5f2f7d")
    assert "auld login work" in refused(robin, LoginNeeded)
    assert renewals(robin) == []


def test_nobody_signed_in_is_told_before_anything_is_asked(robin: Robin) -> None:
    good = json.loads(robin.secrets.now[tokens.NAME])
    damaged = [
        None, "", "{}", "[]", "null", '{"cache": 1}', "[" * 50_000,
        *(json.dumps(good | change) for change in (
            {"cache": ""}, {"cache": "[]"}, {"cache": '{"Account": []}'}, {"cache": '{"Account": {"a": 1}}'},
            {"cache": "null"}, {"consented_at": "0001-01-01T00:00:00+00:00"}, {"consented_at": "2026-01-01"},
            {"consented_at": 5}, {"addresses": None},
        )),
    ]  # fmt: skip
    for kept in damaged:
        robin.secrets.now = {} if kept is None else {tokens.NAME: kept}
        with pytest.raises(LoginNeeded, match="auld login work"):
            robin.source.access()
    assert robin.graph.log == []


@pytest.mark.parametrize("odd", [None, [5]])
@pytest.mark.parametrize("kind", ["AccessToken", "RefreshToken", "Account", "AppMetadata", "IdToken"])
def test_a_cache_whose_fields_are_damaged_ends_in_a_sentence_or_a_token(robin: Robin, kind: str, odd: object) -> None:
    good = robin.secrets.now[tokens.NAME]
    for field in next(robin.kept.entries(kind)):
        robin.secrets.now[tokens.NAME] = good
        robin.update(kind, **{field: odd})
        for fresh in (False, True):
            try:
                token = robin.source.access(fresh=fresh)
            except (LoginNeeded, BadReply):
                continue
            assert robin.works(token)


def test_addresses_that_were_not_told_at_the_sign_in_are_asked_for_once_and_kept(robin: Robin) -> None:
    tokens.keep(robin.host, replace(robin.kept, addresses=()))
    robin.secrets.drop(MAILBOX)
    assert robin.account().addresses() == robin.account().addresses() == ("robin@example.com",)
    assert len(robin.called("me.get")) == 1
    assert robin.secrets.now[MAILBOX] == "robin@example.com"
    signing.logout(robin.settings, robin.host)
    assert robin.account().addresses() == ()


def test_a_login_while_addresses_are_asked_for_is_not_undone(robin: Robin) -> None:
    tokens.keep(robin.host, replace(robin.kept, addresses=()))
    robin.meanwhile(lambda: tokens.keep(robin.host, replace(robin.kept, mark="another")), "me.get")
    assert robin.account().addresses() == ("robin@example.com",)
    assert robin.kept.addresses == ()


def test_what_is_kept_comes_back_as_it_was(robin: Robin) -> None:
    for addresses in ((), ("ö@example.com", "robin@example.com")):
        tokens.keep(robin.host, replace(robin.kept, addresses=addresses))
        assert robin.kept.addresses == addresses
    assert robin.kept.consented_at == robin.host.now()
    assert robin.kept.username == "robin@example.com"


def test_tokens_lie_in_a_file_only_the_user_can_read(robin: Robin, tmp_path: Path) -> None:
    robin.host = replace(robin.host, secrets=FileSecrets(tmp_path / "secrets" / "work"))
    robin.by_browser()
    robin.graph.login.expire_access()
    assert robin.works(robin.source.access(fresh=True))
    file = tmp_path / "secrets" / "work" / tokens.NAME
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("fault", [None, status(503), portal(), signin("invalid_grant"), reset("after")])
def test_no_secret_stands_in_any_word(robin: Robin, fault: Fault | None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    secrets = {str(one["secret"]) for kind in ("AccessToken", "RefreshToken") for one in robin.kept.entries(kind)}
    robin.graph.plan = None if fault is None else once(fault, fault, method=TOKEN)
    for act in (lambda: robin.source.access(fresh=True), lambda: said.extend(robin.by_browser().said)):
        try:
            act()
        except ConnectorError as err:
            said.append(str(err))
    secrets |= {str(one["secret"]) for kind in ("AccessToken", "RefreshToken") for one in robin.kept.entries(kind)}
    ours = "\n".join([*said, *(one.getMessage() for one in caplog.records if one.name.startswith("connectors"))])
    assert len(secrets) >= 2
    assert not any(secret in ours for secret in secrets)


def test_settings_name_no_secret() -> None:
    assert {"secret", "token", "password"}.isdisjoint(OutlookSettings.model_fields)
