"""Robin's mailbox at a Microsoft emulator that others wrote, its user in a mail program, and auld over it.

It is run as it is, save that its clock begins a minute after NOW: so what is done there after a command, which goes by
NOW, is later than what the command did. It speaks http: `front` puts TLS before it, and says what it fills in beyond
that. What it lacks of Microsoft:

- of the sign-in: the code entered elsewhere, saying no, consent, scopes, a redirect address of which the port does not
  matter (so it is told of no app, and takes any), `client_info`, an end of access tokens; one that it does not know is
  taken for the first user's, so that is one without mail;
- of mail: delta, reads in a batch, ids that change with the folder (and so ImmutableId), `$select`, headers of the
  wire, `changeKey`, etags and If-Match, extended properties, a wished Message-ID, filters by either (one that it does
  not know lets everything through), how many messages a folder has, `createReply`'s body, links with a host, and that a
  draft in Deleted Items is still one;
- of calendars: recurring and cancelled entries, organisers, answers, time zones, calendars of others;
- quotas, faults, and the forgetting of what was long ago.

So these are tested at the fake alone (tests/graph): the sign-in by a code, consent and scopes; delta with its links,
replays and ends; batches; header look-ups that bring something; what a draft is known and found by, and that one which
was changed is not deleted; answers, recurring and cancelled entries; throttling and faults.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.cli.archive import after, before
from tests.emulator.front import Front
from tests.emulator.home import BELA, CHIDI, ME, House, mailbox
from tests.emulator.program import NOBODY, PATIENCE, running, session
from tests.graph.tls import authority

CLIENT: Final = "5f2c6d1e-3b7a-4c19-9e42-8a6d0b1f7c35"
BEGINS: Final = after(minutes=1)
_FOLDERS: Final = {"SENT": "sentitems", "DRAFT": "drafts", "SPAM": "junkemail", "INBOX": "inbox"}


def seed() -> dict[str, Any]:
    """Return what the emulator begins with, beside the mails and entries that it gives every user by itself."""
    entries = [("asked", "primary", "Shall we meet?", 15, BELA), ("ahead", "family", "Planning", -7, CHIDI)]
    return {
        "users": [{"email": NOBODY}, {"email": ME, "name": "Robin Park"}],
        "messages": [_letter(one) for one in mailbox()],
        "calendars": [{"id": "family", "user_email": ME, "name": "Family"}],
        "calendar_events": [
            {
                "id": number, "user_email": ME, "calendar_id": calendar, "subject": subject,
                "start_date_time": before(days).isoformat(), "end_date_time": before(days - 0.1).isoformat(),
                "attendees": [{"address": ME}, _mailbox(who)],
            }
            for number, calendar, subject, days, who in entries
        ],
    }  # fmt: skip


def _letter(google: dict[str, Any]) -> dict[str, Any]:
    """Return a mail of the Google seed as the Microsoft one has it."""
    label = next((one for one in google["label_ids"] if one in _FOLDERS), "")
    return {
        "id": google["id"], "conversation_id": google["thread_id"], "user_email": ME, "subject": google["subject"],
        "from": _mailbox(google["from"]), "to_recipients": [_mailbox(google["to"])], "body_content": "Hello.",
        "received_date_time": google["date"], "is_draft": label == "DRAFT",
        "parent_folder_id": _FOLDERS.get(label, "archive"),
    }  # fmt: skip


def _mailbox(who: str) -> dict[str, str]:
    name, address = parseaddr(who)
    return {"name": name, "address": address}


class Hands:
    """The user in a mail program of their own, which asks the emulator itself, with a sign-in that is not auld's."""

    def __init__(self, url: str) -> None:
        self._root = f"{url}/v1.0/me"
        self._token = f"{url}/oauth2/v2.0"
        self._http = session()
        asked = {"email": ME, "redirect_uri": "http://localhost:9/mail", "client_id": "mail-program", "scope": "all"}
        led = self._http.post(f"{self._token}/authorize/callback", data=asked, allow_redirects=False, timeout=PATIENCE)
        [code] = parse_qs(urlsplit(led.headers["Location"]).query)["code"]
        told = {"grant_type": "authorization_code", "code": code, "client_id": "mail-program"}
        token = self._http.post(f"{self._token}/token", data=told, timeout=PATIENCE).json()["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        """Leave."""
        self._http.close()

    def _ask(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._http.request(verb, self._root + path, json=body, timeout=PATIENCE)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def refreshes(self, token: str) -> bool:
        """Say whether a refresh token is one (which uses it up)."""
        told = {"grant_type": "refresh_token", "refresh_token": token, "client_id": CLIENT}
        return self._http.post(f"{self._token}/token", data=told, timeout=PATIENCE).ok

    def revoke(self, token: str) -> None:
        """End a sign-in, as the user can on their account's page."""
        self._http.post(f"{self._token}/revoke", data={"token": token}, timeout=PATIENCE).raise_for_status()

    # -- mail ----------------------------------------------------------------------------------------------------------

    def get(self, sender: str, subject: str) -> None:
        """Get a mail, now."""
        number = self._ask("POST", "/messages", {"subject": subject})["id"]
        whole = {"from": {"emailAddress": _mailbox(sender)}, "toRecipients": [{"emailAddress": {"address": ME}}]}
        self._ask("PATCH", f"/messages/{number}", whole)
        self._ask("POST", f"/messages/{number}/move", {"destinationId": "inbox"})

    def message(self, number: str) -> dict[str, Any]:
        """Return a message."""
        return dict(self._ask("GET", f"/messages/{number}"))

    def listed(self, folder: str) -> list[dict[str, Any]]:
        """Return the messages of a folder."""
        return list(self._ask("GET", f"/mailFolders/{folder}/messages?$top=1000")["value"])

    def find(self, to: str) -> dict[str, Any]:
        """Return the one draft to somebody."""
        [one] = [draft for draft in self.listed("drafts") if addresses(draft) == [to]]
        return one

    def rewrite(self, number: str, text: str) -> None:
        """Edit a draft."""
        self._ask("PATCH", f"/messages/{number}", {"body": {"contentType": "text", "content": text}})

    def send(self, number: str) -> None:
        """Send a draft."""
        self._ask("POST", f"/messages/{number}/send")

    def delete(self, number: str) -> None:
        """Move a message to Deleted Items."""
        self._ask("DELETE", f"/messages/{number}")

    # -- calendar ------------------------------------------------------------------------------------------------------

    def meet(self, title: str, start: datetime, end: datetime, *who: str) -> str:
        """Put an entry into the main calendar; return its id."""
        event = {
            "subject": title,
            "start": {"dateTime": start.isoformat()},
            "end": {"dateTime": end.isoformat()},
            "attendees": [{"emailAddress": _mailbox(one)} for one in who],
        }
        return str(self._ask("POST", "/calendar/events", event)["id"])

    def cancel(self, number: str) -> None:
        """Take an entry out of the calendar."""
        self._ask("DELETE", f"/events/{number}")


def addresses(message: dict[str, Any]) -> list[str]:
    """Return whom a message is to."""
    return [one["emailAddress"]["address"] for one in message["toRecipients"]]


class Office(House):
    """A home with an account at Microsoft."""

    def __init__(self, folder: Path, front: Front, hands: Hands) -> None:
        self.front, self.hands = front, hands
        bundle = folder / "trusted.pem"
        authority().cert_pem.write_to_path(str(bundle))
        super().__init__(folder, bundle)

    @property
    def stanza(self) -> str:
        return (
            f'kind = "outlook"\nclient_id = "{CLIENT}"\nauthority = "{self.front.url}"\napi_url = "{self.front.url}"\n'
        )

    def asked(self, start: int = 0) -> Sequence[str]:
        """Return what was asked of Graph from the `start`th request on, as "GET /me"."""
        return [f"{one.verb} {one.path[5:]}" for one in self.front.log[start:] if one.path.startswith("/v1.0/")]


@contextmanager
def at_office(folder: Path, front: Front) -> Iterator[Office]:
    """Yield a home whose account is at a new emulator behind `front`; nobody is signed in, nothing is read.

    Whatever is done there: nothing that could send was asked for, nor to be let send.
    """
    told, house = folder / "emulator", folder / "home"
    told.mkdir()
    house.mkdir()
    with front, running("microsoft", told, seed(), "--port", str(front.port), begins=BEGINS) as front.behind:
        hands = Hands(front.behind)
        try:
            yield Office(house, front, hands)
        finally:
            hands.close()
    sends = ("send", "sendMail", "reply", "replyAll", "forward")
    assert [one for one in front.log if one.path.endswith(sends)] == []
    assert [one for one in front.log if "send" in one.query.get("scope", "").lower() or b"Send" in one.body] == []
