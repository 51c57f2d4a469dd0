"""A Google emulator that others wrote, with a mailbox in it, and its user in a mail program.

Where it falls short of Google: no profile, no sync tokens, no recurring or cancelled entries, no quotas, no scopes;
access tokens outlive a revoked sign-in, and an unknown one is taken for the first user's, so that is one without mail.
A draft that is edited keeps its message's id, which at Google it never does: here `Hands.rewrite` edits as mail
programs over IMAP do, with a new draft in place of the old one.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

import requests

from tests.emulator.program import NOBODY, PATIENCE, running, session

_MAIL_PROGRAM: Final = {"client_id": "mail-program", "client_secret": "known"}


class Emulator:
    """The emulator, while it runs. `seed` is what its documentation calls a seed file, less the part for OAuth.

    Without a `redirect` it takes any OAuth client; with one only auld's, with its secret, at exactly that address.
    """

    def __init__(self, folder: Path, seed: dict[str, Any], redirect: str = "") -> None:
        self.url = ""
        self.redirect = redirect
        self._folder = folder
        self._stack = ExitStack()
        users = [{"email": NOBODY}, *seed["users"]]
        self._seed = seed | {"users": users, "oauth_clients": self._clients() if redirect else []}

    def _clients(self) -> list[dict[str, Any]]:
        return [
            {"client_id": "client-1", "client_secret": "s3cret", "name": "Robin's", "redirect_uris": [self.redirect]},
            _MAIL_PROGRAM | {"name": "A mail program", "redirect_uris": [Hands.REDIRECT]},
        ]

    def __enter__(self) -> Self:
        self.url = self._stack.enter_context(running("google", self._folder, self._seed))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def client_file(self, folder: Path) -> Path:
        """Write the file of auld's OAuth client, as the Google Cloud console gives it; return its path."""
        told = {
            "client_id": "client-1",
            "project_id": "auld-1",
            "auth_uri": f"{self.url}/o/oauth2/v2/auth",
            "token_uri": f"{self.url}/oauth2/token",
            "client_secret": "s3cret",
            "redirect_uris": [self.redirect or "http://localhost"],
        }
        path = folder / "client_secret.json"
        path.write_text(json.dumps({"installed": told}), "utf-8")
        return path

    def refresh(self, token: str) -> requests.Response:
        """Ask for an access token, as auld would with this refresh token."""
        fields = {"grant_type": "refresh_token", "refresh_token": token}
        client = {"client_id": "client-1", "client_secret": "s3cret"}
        with session() as http:
            return http.post(f"{self.url}/oauth2/token", data=fields | client, timeout=PATIENCE)

    def revoke(self, token: str) -> None:
        """End a sign-in, as the user can on their account's page."""
        with session() as http:
            http.post(f"{self.url}/oauth2/revoke", data={"token": token}, timeout=PATIENCE).raise_for_status()


class Hands:
    """The user in a mail program of their own: it reads and sends, with a sign-in that is not auld's."""

    REDIRECT: Final = "http://localhost:9/mail"

    def __init__(self, emulator: Emulator, email: str) -> None:
        self._gmail = f"{emulator.url}/gmail/v1/users/me"
        self._calendar = f"{emulator.url}/calendar/v3"
        self._email = email
        self._http = session()
        self._sign_in(emulator.url)

    def close(self) -> None:
        """Leave."""
        self._http.close()

    def _sign_in(self, url: str) -> None:
        asked = {"email": self._email, "redirect_uri": self.REDIRECT, "scope": "https://mail.google.com/"}
        led = self._http.post(
            f"{url}/o/oauth2/v2/auth/callback", data=asked | {"client_id": _MAIL_PROGRAM["client_id"]},
            allow_redirects=False, timeout=PATIENCE,
        )  # fmt: skip
        [code] = parse_qs(urlsplit(led.headers["Location"]).query)["code"]
        told = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.REDIRECT} | _MAIL_PROGRAM
        token = self._http.post(f"{url}/oauth2/token", data=told, timeout=PATIENCE).json()
        self._http.headers["Authorization"] = f"Bearer {token['access_token']}"

    def _ask(self, verb: str, address: str, **how: Any) -> Any:
        answer = self._http.request(verb, address, timeout=PATIENCE, **how)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    # -- mail ------------------------------------------------------------------------------------------------------

    def get(self, sender: str, subject: str, at: datetime, *, to: str = "", labels: Sequence[str] = ("INBOX",)) -> str:
        """Get a mail; return its Message-ID."""
        message = EmailMessage(policy=policy.SMTP)
        message["From"], message["To"], message["Subject"] = sender, to or self._email, subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = key = f"<{at.timestamp():.0f}.{len(subject)}@mail.example.org>"
        message.set_content("Hello,\n\nall is well here.\n")
        body = {"raw": _packed(message), "labelIds": list(labels)}
        self._ask("POST", f"{self._gmail}/messages", json=body)
        return key.strip("<>")

    def message(self, number: str) -> dict[str, Any]:
        """Return a message, with all of its headers."""
        return dict(self._ask("GET", f"{self._gmail}/messages/{number}"))

    # -- drafts ----------------------------------------------------------------------------------------------------

    def drafts(self) -> list[str]:
        """Return the ids of all drafts."""
        return [row["id"] for row in self._ask("GET", f"{self._gmail}/drafts")["drafts"]]

    def draft(self, number: str) -> tuple[dict[str, Any], EmailMessage]:
        """Return a draft's message, as Gmail tells of it and as its bytes say."""
        told = self._ask("GET", f"{self._gmail}/drafts/{number}", params={"format": "raw"})["message"]
        raw = urlsafe_b64decode(told["raw"] + "=" * (-len(told["raw"]) % 4))
        return dict(told), message_from_bytes(raw, policy=policy.default)

    def find(self, to: str) -> tuple[str, dict[str, Any], EmailMessage]:
        """Return id, message and bytes of the one draft to somebody."""
        found = [(number, *self.draft(number)) for number in self.drafts()]
        [one] = [each for each in found if f"<{to}>" in str(each[2]["To"])]
        return one

    def rewrite(self, number: str, text: str, at: datetime, key: str = "") -> str:
        """Edit a draft as mail programs do: a new one, perhaps under another Message-ID, and the old one deleted."""
        told, message = self.draft(number)
        message.set_content(text)
        for name, value in (("Date", format_datetime(at)), ("Message-ID", f"<{key}>" if key else "")):
            if value:
                del message[name]
                message[name] = value
        body = {"message": {"raw": _packed(message), "threadId": told["threadId"]}}
        new = str(self._ask("POST", f"{self._gmail}/drafts", json=body)["id"])
        self.delete(number)
        return new

    def send(self, number: str) -> dict[str, Any]:
        """Send a draft."""
        return dict(self._ask("POST", f"{self._gmail}/drafts/send", json={"id": number}))

    def delete(self, number: str) -> None:
        """Delete a draft."""
        self._ask("DELETE", f"{self._gmail}/drafts/{number}")

    # -- calendar --------------------------------------------------------------------------------------------------

    def meet(
        self, title: str, start: datetime, end: datetime, *answers: tuple[str, str], calendar: str = "primary",
        all_day: bool = False,
    ) -> str:  # fmt: skip
        """Put an entry into a calendar; `answers` are its attendees and what each said. Return its id."""
        times = {"start": start, "end": end}
        event = {
            "summary": title,
            "attendees": [_attendee(*parseaddr(who), answer) for who, answer in answers],
        } | {
            name: {"date": f"{at:%Y-%m-%d}"} if all_day else {"dateTime": at.isoformat()} for name, at in times.items()
        }
        return str(self._ask("POST", f"{self._calendar}/calendars/{calendar}/events", json=event)["id"])

    def cancel(self, number: str) -> None:
        """Take an entry out of the calendar."""
        self._ask("DELETE", f"{self._calendar}/calendars/primary/events/{number}")


def _packed(message: EmailMessage) -> str:
    return urlsafe_b64encode(message.as_bytes(policy=policy.SMTP)).decode("ascii")


def _attendee(name: str, email: str, answer: str) -> dict[str, str]:
    return {"email": email, "responseStatus": answer} | ({"displayName": name} if name else {})
