"""The commands, and what lies below them, at a Microsoft neither ours nor Microsoft's, with TLS before it alone.

Signing in and out, `auld check` and the calendars go the whole way. Of mail the list of what was received and the
making of a draft do, below the commands: a first read asks for a batch and for delta, which the emulator lacks, and of
a draft there nothing tells whether it was changed. The head of tests/emulator/outlook.py says what it lacks, and what
is tested at the fake alone.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from stat import S_IMODE
from typing import Any
from unittest.mock import patch

import pytest
import requests

from connectors import load
from connectors.base import Account, Host
from connectors.errors import BadReply
from connectors.outlook import api
from connectors.outlook.link import Link
from connectors.outlook.listing import Lister
from connectors.outlook.scopes import permissions
from connectors.outlook.settings import OutlookSettings
from connectors.types import Address, NewDraft
from daemon.secrets import FileSecrets
from tests.cli.archive import NOW, after, before
from tests.emulator.front import Front
from tests.emulator.home import ME
from tests.emulator.outlook import CLIENT, Office, addresses, at_office
from tests.emulator.program import NOBODY, Browser
from tests.google.clock import Clock

SCOPES = {"Mail.ReadWrite", "Calendars.Read", "User.Read"}
BELAS = "bela@example.net"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A home where nobody is signed in."""
    with at_office(tmp_path, Front()) as office:
        yield office


@pytest.fixture
def robin(office: Office) -> Office:
    """A home where Robin is signed in."""
    office.sign_in()
    return office


def kept(office: Office, kind: str) -> dict[str, Any]:
    """Return the one entry of a kind in msal's cache, as it is kept."""
    [entry] = json.loads(json.loads(office.token.read_text("utf-8"))["cache"])[kind].values()
    return dict(entry)


def let_run_out(office: Office) -> None:
    """Let the access token that is kept have run out."""
    told = json.loads(office.token.read_text("utf-8"))
    cache = json.loads(told["cache"])
    for one in cache["AccessToken"].values():
        one["expires_on"] = "1"
    office.token.write_text(json.dumps(told | {"cache": json.dumps(cache)}), "utf-8")


# -- signing in --------------------------------------------------------------------------------------------------------


def test_a_sign_in_ends_with_tokens_that_only_the_user_can_read(office: Office) -> None:
    """As a program of its own, where the browser that it opens does nothing, and the printed address is opened."""
    browser = Browser(ME, office.trusts)
    with office.program("login", "home", BROWSER="true") as login:
        assert login.stdout is not None
        address = login.stdout.readline().strip()
        page = browser.agree(address)
        out, err = login.communicate(timeout=20)
    assert (login.returncode, out) == (0, ""), err
    assert "Thank you" in page
    assert "Signed in as robin@example.com." in err
    assert "auld sync home" in err
    assert set(browser.asked.pop("scope").split()) == SCOPES | {"openid", "profile", "offline_access"}
    for one in permissions(OutlookSettings(client_id=CLIENT)):
        assert f"  {one.name}: {one.reason}" in err
    assert browser.asked.pop("redirect_uri").startswith("http://localhost:")
    assert "redirect_uri=http%3A%2F%2Flocalhost%3A" in address, "as docs/outlook.md shows it"
    for name, least in (("state", 16), ("nonce", 16), ("code_challenge", 43)):
        assert len(browser.asked.pop(name)) >= least, name
    assert browser.asked == {
        "client_id": CLIENT, "response_type": "code", "code_challenge_method": "S256", "prompt": "select_account",
        "client_info": "1",
    }  # fmt: skip

    assert S_IMODE(office.token.stat().st_mode) == 0o600
    for folder in (office.token.parent, office.token.parent.parent, office.state):
        assert S_IMODE(folder.stat().st_mode) == 0o700, folder
    for kind in ("AccessToken", "RefreshToken"):
        assert kept(office, kind)["secret"] not in err
    assert office.hands.refreshes(kept(office, "RefreshToken")["secret"])


def test_a_no_in_the_browser_leaves_nobody_signed_in_and_says_what_is_lacking(office: Office) -> None:
    """The emulator's page has no such button: the browser goes where Microsoft's would lead it."""
    browser = Browser(ME, office.trusts)

    def refuse(address: str) -> requests.Response:
        state = dict(pair.split("=") for pair in address.partition("?")[2].split("&"))["state"]
        return browser.bring(address, error="access_denied", state=state)

    ran, page = office.sign_in(do=refuse, code=77)
    assert isinstance(page, requests.Response)
    assert "Nothing was allowed" in page.text
    assert "You did not allow it" in ran.err
    assert "Mail.ReadWrite: to see who wrote to whom" in ran.err.partition("You did not")[2]
    assert f"{office.front.url}/organizations/adminconsent?client_id={CLIENT}" in ran.err
    assert not office.token.exists()
    assert "auld login home" in office.run("sync", code=77).err


def test_where_no_code_is_to_be_had_a_sign_in_without_a_browser_says_so_in_a_sentence(office: Office) -> None:
    ran = office.run("login", "home", "--no-browser", code=69)
    assert ran.err.endswith("auld: Microsoft's sign-in gave an answer that cannot be understood: later it may work.\n")
    assert not office.token.exists()


def test_another_mailbox_in_the_browser_is_not_taken_for_this_account(robin: Office) -> None:
    before_it = robin.token.read_bytes()
    ran, _ = robin.sign_in(do=Browser(NOBODY, robin.trusts).agree, code=77)
    assert f"You signed in as {NOBODY}, but this account is {ME}" in ran.err
    assert robin.token.read_bytes() == before_it


def test_an_access_token_that_ran_out_is_renewed_and_kept(robin: Office) -> None:
    old = {kind: kept(robin, kind)["secret"] for kind in ("AccessToken", "RefreshToken")}
    let_run_out(robin)
    robin.run("check")
    new = {kind: kept(robin, kind)["secret"] for kind in old}
    assert new["AccessToken"] != old["AccessToken"]
    assert new["RefreshToken"] != old["RefreshToken"]
    assert int(kept(robin, "AccessToken")["expires_on"]) > datetime.now(UTC).timestamp()
    assert S_IMODE(robin.token.stat().st_mode) == 0o600
    assert not robin.hands.refreshes(old["RefreshToken"]), "the emulator ends one with its use"
    assert robin.hands.refreshes(new["RefreshToken"])


def test_a_sign_in_that_the_user_took_back_asks_for_another(robin: Office) -> None:
    robin.hands.revoke(kept(robin, "RefreshToken")["secret"])
    let_run_out(robin)
    assert "Microsoft ended the sign-in" in robin.run("sync", code=77).err
    [failed] = [one for one in robin.ask("check", code=1) if one["result"] == "fail"]
    assert (failed["name"], failed["fix"]) == ("home: sign-in", "auld login home")
    robin.sign_in()
    robin.run("check")


def test_signing_out_deletes_the_tokens_and_says_where_the_rest_is_taken_back(robin: Office) -> None:
    err = robin.run("logout", "home").err
    assert "take that back at https://" in err
    assert not robin.token.exists()
    assert "auld login home" in robin.run("sync", code=77).err
    assert [one for one in robin.ask("check", code=1) if one["result"] == "fail"] == [
        {"name": "home: sign-in", "result": "fail", "detail": "nobody is signed in", "fix": "auld login home"}
    ]
    assert "nothing to sign out of" in robin.run("logout", "home").err


# -- the commands that get through -------------------------------------------------------------------------------------


def test_check_says_whose_sign_in_it_is_and_what_there_is(robin: Office) -> None:
    told = {one["name"]: one for one in robin.ask("check", now=after(days=3))}
    assert {name: one["detail"] for name, one in told.items() if name.startswith("home: ")} == {
        "home: sign-in": f"signed in as {ME} 3 days ago",
        "home: mail": "some lie in Sent",
        "home: calendars": "Calendar, Team Calendar, Family",
        "home: drafts": "2 lie there now",
    }
    assert {one["result"] for name, one in told.items() if name.startswith("home: ")} == {"ok"}


def test_calendars_are_read_though_mail_cannot_be(robin: Office) -> None:
    """A batch that is answered by refusals that Microsoft does not word so: a sentence, in the end, and no more."""
    clock = Clock(NOW)

    def host(secrets: FileSecrets, now: Any, folder: Path, name: str, **_: Any) -> Host:
        return Host(secrets, now, folder, name, clock.tick, clock.wait)

    with patch("daemon.accounts.Host", host):
        err = robin.run("sync", code=69).err
    assert err.startswith("home: 4 meetings; unavailable: There was an answer that is not Microsoft's (400)")
    assert "Not counted (1):\n   9 Nov 2026  a meeting: you neither organised nor accepted it" in (
        robin.run("why", BELAS).out
    )


# -- below the commands ------------------------------------------------------------------------------------------------


def settings(office: Office) -> OutlookSettings:
    return OutlookSettings(client_id=CLIENT, authority=office.front.url, api_url=office.front.url)


def own_host(office: Office) -> Host:
    return Host(FileSecrets(office.token.parent), lambda: NOW, office.folder, "home")


def account(office: Office) -> Account:
    return load("outlook").open(settings(office), own_host(office))


@pytest.fixture
def trusted(robin: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Robin's home, whose certificates this process trusts."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(robin.trusts))
    return robin


def test_mail_is_listed_from_either_end_less_what_was_sent(trusted: Office) -> None:
    lister = Lister(Link(settings(trusted), own_host(trusted)).calls)
    oldest = lister.received(before(1000), None, "sentitems", newest_first=False).result()
    newest = lister.received(before(1000), None, "sentitems", newest_first=True).result()
    ids = [str(row["id"]) for row in oldest.rows]
    assert ids[:5] == ["sea2", "hut2", "jam2", "map2", "boat1"]
    assert ids[::-1] == [str(row["id"]) for row in newest.rows]
    assert not {"sea1", "hut1", "boat2"} & set(ids)
    some = lister.received(before(150), before(70), "sentitems", newest_first=True).result()
    assert [row["id"] for row in some.rows] == ["boat1", "map2", "jam2"]
    assert (oldest.then, some.then) == (None, None)


def test_a_page_says_that_there_is_more_and_the_next_one_goes_on_at_its_end(
    trusted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Link(settings(trusted), own_host(trusted)).calls
    whole = Lister(calls).received(before(1000), None, "sentitems", newest_first=False).result()
    monkeypatch.setattr(api, "PAGE", 3)
    lister = Lister(calls)
    found: dict[str, None] = {}
    low = before(1000)
    while True:
        page = lister.received(low, None, "sentitems", newest_first=False).result()
        found |= {str(row["id"]): None for row in page.rows}
        if page.then is None:
            break
        assert page.last is not None
        assert page.last > low
        low = page.last
    assert [*found] == [row["id"] for row in whole.rows]
    assert len(found) > 10


def test_a_list_goes_on_at_its_link_to_its_end(trusted: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PAGE", 1)
    drafts = account(trusted).drafts
    assert drafts is not None
    start = len(trusted.front.log)
    assert list(drafts.all()) == [], "without `changeKey` none can be understood"
    assert trusted.asked(start) == ["GET /me/mailFolders/drafts/messages"] * 2


def test_a_draft_is_put_there_as_it_is_wished_though_nothing_tells_its_next_version(trusted: Office) -> None:
    """Of what it asks the emulator keeps all but the names; and of a draft without `changeKey` auld makes no claim."""
    new = NewDraft(
        key="k1@example.com", sender=Address(ME, "Robin Park"), to=Address(BELAS, "Bela Kovacs"),
        subject="Höhen & Tiefen", body="Dear Bela,\n\nall is well.\n", written_at=NOW,
    )  # fmt: skip
    drafts = account(trusted).drafts
    assert drafts is not None
    with pytest.raises(BadReply):
        drafts.create(new)
    told = trusted.hands.find(BELAS)
    assert (told["subject"], told["isDraft"], told["ccRecipients"]) == ("Höhen & Tiefen", True, [])
    assert told["body"] == {"contentType": "text", "content": "Dear Bela,\r\n\r\nall is well.\r\n"}
    assert addresses(told) == [BELAS]
