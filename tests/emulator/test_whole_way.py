"""The whole way, from signing in to signing out, at a Google that is neither ours nor Google's."""

import json
import signal
import socket
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from stat import S_IMODE
from urllib.parse import urlsplit

import pytest
import requests

from connectors import load
from connectors.base import Host
from connectors.errors import LoginNeeded
from daemon.secrets import FileSecrets
from tests.cli.archive import BELA, NOW, after, before
from tests.emulator.home import ANA, DORA, ME, Home, at_home
from tests.emulator.program import Browser, session, spare_port

HOUR = timedelta(hours=1)
TOMORROW = after(days=1)
SCOPES = {
    f"https://www.googleapis.com/auth/{name}"
    for name in ("gmail.metadata", "gmail.compose", "calendar.calendarlist.readonly", "calendar.events.readonly")
}
ANAS, BELAS, DORAS = "ana@example.org", "bela@example.net", "dora@example.org"


def is_open(address: str) -> bool:
    """Say whether anybody listens at the port of an address."""
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", urlsplit(address).port or 0)) == 0


# -- signing in ----------------------------------------------------------------------------------------------------


def test_a_sign_in_without_a_browser_ends_with_tokens_that_only_the_user_can_read(tmp_path: Path) -> None:
    """The client is known to the emulator, with its secret and at one address, which is the one in its file."""
    redirect = f"http://localhost:{spare_port()}/"
    with at_home(tmp_path, redirect=redirect) as home:
        browser = Browser(ME)
        with home.program("login", "home", "--no-browser") as login:
            assert login.stdout is not None
            page = browser.agree(login.stdout.readline().strip())
            out, err = login.communicate(timeout=20)
        assert (login.returncode, out) == (0, ""), err
        assert "Thank you" in page
        assert "auld sync home" in err
        assert set(browser.asked.pop("scope").split()) == SCOPES
        for scope in SCOPES:
            assert f"  {scope.rpartition('/')[2]}: to " in err
        assert len(browser.asked.pop("state")) >= 30
        assert len(browser.asked.pop("code_challenge")) >= 43
        assert browser.asked == {
            "client_id": "client-1", "redirect_uri": redirect, "response_type": "code", "access_type": "offline",
            "prompt": "consent", "code_challenge_method": "S256",
        }  # fmt: skip

        kept = json.loads(home.token.read_text("utf-8"))
        assert S_IMODE(home.token.stat().st_mode) == 0o600
        for folder in (home.token.parent, home.token.parent.parent, home.state):
            assert S_IMODE(folder.stat().st_mode) == 0o700, folder
        assert [path.name for path in home.token.parent.iterdir()] == ["token"]
        assert set(kept["scopes"]) == SCOPES
        assert home.emulator.refresh(kept["refresh_token"]).ok
        for secret in (kept["refresh_token"], kept["access_token"], "s3cret"):
            assert secret not in err
        assert not is_open(redirect)

        with home.program("sync") as sync:
            assert sync.communicate(timeout=20) == ("", "home: 16 new mails and 1 meeting\n")
        assert sync.returncode == 0

        findings = {one["name"]: one for one in home.ask("check")}
        assert [one for one in findings.values() if one["result"] == "fail"] == []
        assert findings["home: sign-in"]["result"] == "ok"
        assert findings["home: calendars"]["detail"] == f"{ME}, Family"
        assert "state folder" not in findings


def test_a_no_in_the_browser_leaves_nobody_signed_in_and_says_what_is_lacking(home: Home) -> None:
    browser = Browser(ME)

    def refuse(address: str) -> requests.Response:
        return browser.bring(address, error="access_denied", state=_state(address))

    ran, page = home.sign_in(do=refuse, code=77)
    assert isinstance(page, requests.Response)
    assert "Nothing was allowed" in page.text
    assert "You did not allow it" in ran.err
    assert "gmail.metadata: to see who wrote to whom" in ran.err.partition("You did not")[2]
    assert "auld login home" in ran.err
    assert not home.token.exists()
    assert "auld login home" in home.run("sync", code=77).err


def test_stray_requests_to_the_address_do_not_end_the_wait(home: Home) -> None:
    """A browser asks for an icon, another page guesses, something talks no HTTP at all: the answer may still come."""
    browser = Browser(ME)

    def wander(address: str) -> list[int]:
        state = _state(address)
        seen = [
            browser.bring(address, code="stolen", state="guessed").status_code,
            browser.bring(address, code="stolen").status_code,
            browser.bring(address, state=state).status_code,
            browser.bring(address).status_code,
        ]
        door = browser.asked["redirect_uri"]
        with session() as http:
            seen.append(http.get(f"{door}favicon.ico").status_code)
            seen.append(http.post(door, data={"code": "stolen", "state": state}).status_code)
        with socket.create_connection(("127.0.0.1", urlsplit(door).port or 0)) as raw:
            raw.sendall(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")
        assert "Thank you" in browser.agree(address)
        return seen

    ran, seen = home.sign_in(do=wander)
    assert seen == [HTTPStatus.NOT_FOUND] * 5 + [HTTPStatus.NOT_IMPLEMENTED]
    assert "Signed in" in ran.err
    assert home.emulator.refresh(json.loads(home.token.read_text("utf-8"))["refresh_token"]).ok


def _state(address: str) -> str:
    return dict(pair.split("=") for pair in urlsplit(address).query.split("&"))["state"]


class _Impatient:
    """Nobody is there."""

    patience = timedelta(minutes=10)
    browser = False

    def __init__(self) -> None:
        self.said: list[str] = []
        self.address = ""

    def show_code(self, address: str, code: str) -> None:
        raise AssertionError(f"Google gives no code for mail, but {code} is to be entered at {address}")

    def say(self, text: str) -> None:
        self.said.append(text)

    def browse(self, address: str) -> None:
        self.address = address


def test_a_wait_that_nobody_ends_is_over_when_its_time_is(home: Home) -> None:
    connector, prompt, ticks = load("gmail"), _Impatient(), iter((0.0, 1.0, 599.0, 601.0))
    secrets = FileSecrets(home.token.parent)
    host = Host(secrets, lambda: NOW, home.folder, "home", tick=lambda: next(ticks))
    settings = connector.settings(client_secret="client_secret.json", api_url=home.emulator.url)
    assert connector.login is not None
    with pytest.raises(LoginNeeded, match=r"in time: auld login home starts again") as told:
        connector.login(settings, host, prompt)
    assert "\n" not in str(told.value)
    assert "redirect_uri=http%3A%2F%2Flocalhost%3A" in prompt.address
    assert not home.token.exists()
    with pytest.raises(StopIteration):
        next(ticks)


def test_ctrl_c_ends_the_wait_and_closes_the_door(home: Home) -> None:
    with home.program("login", "home", "--no-browser") as login:
        assert login.stdout is not None
        address = login.stdout.readline()
        door = "http://localhost:" + address.partition("localhost%3A")[2].partition("%2F")[0]
        assert is_open(door)
        login.send_signal(signal.SIGINT)
        _, err = login.communicate(timeout=20)
    assert login.returncode == 130
    assert "auld: stopped." in err
    assert "Traceback" not in err
    assert not is_open(door)
    assert not home.token.exists()


def test_an_access_token_that_ran_out_is_renewed_and_kept(robin: Home) -> None:
    old = _age(robin)
    assert "mail" not in robin.run("sync").err
    new = json.loads(robin.token.read_text("utf-8"))
    assert new["access_token"] != old["access_token"]
    assert new["refresh_token"] == old["refresh_token"]
    assert datetime.fromisoformat(new["expires_at"]) > datetime.now(UTC)
    assert new["consented_at"] == old["consented_at"]
    assert S_IMODE(robin.token.stat().st_mode) == 0o600


def _age(home: Home) -> dict[str, str]:
    """Let the access token run out; return what is kept."""
    kept: dict[str, str] = json.loads(home.token.read_text("utf-8"))
    kept["expires_at"] = (datetime.now(UTC) - HOUR).isoformat()
    home.token.write_text(json.dumps(kept), "utf-8")
    return kept


def test_a_sign_in_that_the_user_took_back_at_google_asks_for_another(robin: Home) -> None:
    robin.emulator.revoke(_age(robin)["refresh_token"])
    ran = robin.run("sync", now=after(days=100), code=77)
    assert "auld login home" in ran.err
    [account] = robin.ask("status", now=after(days=100), code=1)["accounts"]
    assert account["health"] == "needs-login"
    assert "auld login home" in account["detail"]
    [held] = {one["hold"] for one in robin.ask("people", now=after(days=100)) if one["emails"] == [ANAS]}
    assert "could not be read" in held

    robin.sign_in(now=after(days=100))
    robin.run("sync", now=after(days=100))
    assert robin.ask("status", now=after(days=100))["healthy"] is True


# -- reading -------------------------------------------------------------------------------------------------------


def test_people_are_told_by_what_mail_and_calendars_say(home: Home) -> None:
    home.keep_appointments()
    home.sign_in()
    assert home.run("sync").err == "home: 16 new mails and 7 meetings\n"
    people = {one["emails"][0]: one for one in home.ask("people", "--all")}
    guests = [f"guest{number}@example.net" for number in range(6)]
    letters = "newsletter@letters.example.org"
    assert set(people) == {ANAS, BELAS, "chidi@example.org", DORAS, "eve@example.net", letters, *guests}
    contacts = {
        email: (one["last_contact"]["kind"], datetime.fromisoformat(one["last_contact"]["at"]))
        for email, one in people.items()
        if one["last_contact"] is not None
    }
    assert contacts == {
        ANAS: ("sent", before(200)),
        BELAS: ("sent", before(60)),
        "chidi@example.org": ("meeting", before(30) + HOUR),
        DORAS: ("received", before(100)),
        "eve@example.net": ("meeting", before(40) + HOUR),
        letters: ("received", before(10)),
    }
    assert {email: people[email]["contact_days"] for email in contacts} == {
        ANAS: 3, BELAS: 4, "chidi@example.org": 3, DORAS: 2, "eve@example.net": 1, letters: 2
    }  # fmt: skip
    assert {email: one["state"] for email, one in people.items() if one["state"] != "quiet"} == {
        ANAS: "listed", BELAS: "listed", "chidi@example.org": "suggested"
    }  # fmt: skip
    assert people["chidi@example.org"]["next_meeting"] == "2026-12-01T10:00:00Z"
    assert [one["name"] for one in home.ask("due")] == ["Ana Lima", "Bela Kovacs"]

    def left_out(who: str) -> dict[str, str]:
        return {one["at"]: one["rule"] for one in home.ask("why", who)["not_counted"]}

    assert left_out(ANAS) == {
        "2026-11-14T11:00:00Z": "7 other people were invited; more than 6 is no personal contact",
        "2026-11-19T23:00:00Z": "it is all-day",
    }
    assert left_out(DORAS) == {"2026-11-04T11:00:00Z": "they declined"}
    assert left_out(BELAS) == {"2026-11-09T12:24:00Z": "you neither organised nor accepted it"}


def test_a_second_sync_brings_nothing_new_and_a_third_what_came_since(home: Home) -> None:
    home.keep_appointments()
    home.read()
    people = home.ask("people", "--all")
    assert "mail" not in home.run("sync").err
    assert home.ask("people", "--all") == people

    home.hands.get(ANA, "Low tide", after(minutes=30))
    home.hands.get("Paula Price <paula@offers.example.org>", "A third", NOW, labels=("INBOX", "CATEGORY_PROMOTIONS"))
    number = home.hands.meet("Tea", NOW - HOUR, NOW, (ME, "accepted"), (DORA, "accepted"))
    assert home.run("sync", now=NOW + HOUR).err == "home: 1 new mail and 8 meetings\n"
    last = home.person(ANAS, now=NOW + HOUR)["last_contact"]
    assert (last["kind"], last["title"], last["at"]) == ("received", "Low tide", "2026-11-24T10:30:00Z")
    assert home.person(DORAS, now=NOW + HOUR)["last_contact"]["title"] == "Tea"
    assert home.ask("people", "paula", "--all", now=NOW + HOUR) == []

    home.hands.cancel(number)
    home.run("sync", now=NOW + HOUR)
    assert home.person(DORAS, now=NOW + HOUR)["last_contact"]["title"] == "Re: Old maps"


# -- drafts --------------------------------------------------------------------------------------------------------


def test_a_draft_to_somebody_long_silent_begins_a_new_thread(robin: Home) -> None:
    written = robin.draft(ANAS)
    _, told, message = robin.hands.find(ANAS)
    assert told["labelIds"] == ["DRAFT"]
    assert told["threadId"] == told["id"], "a thread of its own"
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"
    }  # fmt: skip
    assert message["Message-ID"] == f"<{written['key']}>"
    assert written["key"].endswith("@example.com")
    assert message["From"] == "Robin Park <robin@example.com>"
    assert message["To"] == ANA
    assert message["Subject"] == written["subject"]
    assert not written["subject"].startswith("Re:")
    assert written["in_reply_to"] is None
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message.get_content().replace("\r\n", "\n") == written["body"]
    assert "auld" not in message.as_string().lower()
    [kept] = robin.ask("drafts")
    assert (kept["key"], kept["status"], kept["account"]) == (written["key"], "open", "home")


def test_a_draft_answers_in_the_old_thread(robin: Home) -> None:
    written = robin.draft(BELAS)
    _, told, message = robin.hands.find(BELAS)
    assert told["threadId"] == "t-boat"
    assert message["Subject"] == written["subject"] == "Re: The old boat"
    assert message["In-Reply-To"] == "<boat2@mail.example.org>"
    assert message["References"] == "<boat1@mail.example.org> <boat2@mail.example.org>"
    assert message["To"] == BELA
    assert written["in_reply_to"] == "boat2@mail.example.org"
    assert message.get_content().replace("\r\n", "\n") == written["body"]


def test_a_draft_of_the_users_own_keeps_another_from_being_written(robin: Home) -> None:
    before_it = robin.hands.drafts()
    ran = robin.run("draft", DORAS, code=1)
    assert "draft of your own" in ran.err
    assert robin.hands.drafts() == before_it
    assert robin.ask("drafts") == []


def test_a_round_writes_to_those_who_are_due_and_another_writes_no_second_draft(robin: Home) -> None:
    assert "draft to" not in robin.run("once").err, "not on the day of the first read"
    assert "draft to" in robin.run("once", now=TOMORROW).err
    lying = sorted(str(robin.hands.draft(number)[1]["To"]) for number in robin.hands.drafts())
    assert lying == sorted([ANA, BELA, DORA])
    for later in (HOUR, timedelta(days=1)):
        assert "draft to" not in robin.run("once", now=TOMORROW + later).err
    assert len(robin.hands.drafts()) == 3
    assert [one["status"] for one in robin.ask("drafts", now=TOMORROW)] == ["open", "open"]


def test_a_draft_that_the_user_sends_is_a_contact(robin: Home) -> None:
    written = robin.draft(ANAS)
    number, *_ = robin.hands.find(ANAS)
    sent = robin.hands.send(number)
    assert "SENT" in sent["labelIds"]
    assert "the draft of 24 Nov 2026 is now sent" in robin.run("once", now=NOW + HOUR).err
    assert robin.status(written["key"]) == "sent"
    person = robin.person(ANAS, now=NOW + HOUR)
    assert person["last_contact"] == {
        "at": "2026-11-24T10:00:00Z", "kind": "sent", "account": "home", "email": ANAS, "title": written["subject"]
    }  # fmt: skip
    assert person["due"] is False
    assert person["contact_days"] == 4


def test_an_answer_that_the_user_sends_is_found_in_its_thread(robin: Home) -> None:
    written = robin.draft(BELAS)
    number, *_ = robin.hands.find(BELAS)
    robin.hands.send(number)
    robin.run("sync", now=NOW + HOUR)
    assert robin.person(BELAS, now=NOW + HOUR)["last_contact"]["at"] == "2026-11-24T10:00:00Z"
    robin.run("once", now=NOW + HOUR)
    assert robin.status(written["key"]) == "sent"


@pytest.mark.parametrize("key", ["", "rewritten@client.example.com"], ids=["same Message-ID", "new Message-ID"])
def test_a_draft_that_the_user_edits_is_theirs_from_then_on(robin: Home, key: str) -> None:
    written = robin.draft(ANAS)
    number, *_ = robin.hands.find(ANAS)
    edited = robin.hands.rewrite(number, "Dear Ana,\n\nall my own words.\n", after(minutes=20), key)
    assert "is now edited" in robin.run("once", now=after(minutes=30)).err
    robin.run("once", now=after(minutes=45))
    assert robin.status(written["key"]) == "edited"
    assert "you touched this draft" in robin.run("drafts", "--withdraw", written["key"], code=1).err
    robin.run("draft", ANAS, now=after(minutes=50), code=1)
    number, _, message = robin.hands.find(ANAS)
    assert number == edited
    assert message.get_content().startswith("Dear Ana,")

    robin.hands.send(edited)
    robin.run("once", now=NOW + HOUR)
    assert robin.status(written["key"]) == "sent"
    assert robin.person(ANAS, now=NOW + HOUR)["last_contact"]["at"] == "2026-11-24T10:20:00Z"


def test_a_draft_that_the_user_deletes_is_not_made_again(robin: Home) -> None:
    written = robin.draft(ANAS)
    number, *_ = robin.hands.find(ANAS)
    robin.hands.delete(number)
    statuses = []
    for minutes in (20, 25, 31):
        robin.run("once", now=after(minutes=minutes))
        statuses.append(robin.status(written["key"]))
    assert statuses == ["open", "open", "deleted"]
    robin.run("once", now=TOMORROW)
    assert [one["person"] for one in robin.ask("drafts", now=TOMORROW)] == ["Bela Kovacs", "Ana Lima"]
    assert ANA not in [str(robin.hands.draft(number)[1]["To"]) for number in robin.hands.drafts()]
    assert "deleted" in robin.person(ANAS, now=TOMORROW)["hold"]


def test_an_untouched_draft_is_withdrawn_at_the_users_word(robin: Home) -> None:
    own = robin.hands.drafts()
    written = robin.draft(ANAS)
    assert robin.run("drafts", "--withdraw", written["key"][:8]).err == "1 draft withdrawn.\n"
    assert robin.status(written["key"]) == "withdrawn"
    assert robin.hands.drafts() == own
    assert robin.person(ANAS)["hold"] is None


def test_an_untouched_draft_is_withdrawn_once_there_was_contact_otherwise(robin: Home) -> None:
    own = robin.hands.drafts()
    written = robin.draft(ANAS)
    robin.hands.get(ANA, "I was first", after(minutes=10))
    assert "is now withdrawn" in robin.run("once", now=NOW + HOUR).err
    assert robin.status(written["key"]) == "withdrawn"
    assert robin.hands.drafts() == own


# -- more than one account, and the end ----------------------------------------------------------------------------


def test_an_account_that_needs_signing_in_does_not_keep_another_from_being_read(home: Home) -> None:
    home.configure("home", "work")
    home.sign_in("home")
    ran = home.run("sync", code=1)
    assert "home: 16 new mails" in ran.err
    assert "work: nothing new; needs-login" in ran.err
    assert "auld login work" in ran.err
    health = {one["name"]: one["health"] for one in home.ask("status", code=1)["accounts"]}
    assert health == {"home": "ok", "work": "needs-login"}

    home.sign_in("work")
    home.run("sync")
    people = home.ask("people", "--all")
    assert home.ask("status")["healthy"] is True
    assert {one["emails"][0]: one["contact_days"] for one in people if one["state"] == "listed"} == {ANAS: 3, BELAS: 4}


def test_signing_out_ends_the_sign_in_there_and_deletes_it_here(robin: Home) -> None:
    kept = json.loads(robin.token.read_text("utf-8"))
    assert robin.emulator.refresh(kept["refresh_token"]).ok
    people = robin.ask("people", "--all")
    assert "signed out" in robin.run("logout", "home").err
    refused = robin.emulator.refresh(kept["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert list(robin.token.parent.iterdir()) == []

    ran = robin.run("sync", code=77)
    assert "auld login home" in ran.err
    assert [one["emails"] for one in robin.ask("people", "--all")] == [one["emails"] for one in people]
    assert [one for one in robin.ask("check", code=1) if one["result"] == "fail"] == [
        {"name": "home: sign-in", "result": "fail", "detail": "nobody is signed in", "fix": "auld login home"}
    ]
    assert "nothing to sign out of" in robin.run("logout", "home").err
