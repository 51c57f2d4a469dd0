"""A Google for torture: Robin's mailbox and calendars, and what happens there."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

from connectors.base import Host
from connectors.gmail import tokens
from daemon.secrets import FileSecrets
from tests.google import Google
from tests.google.client import SCOPES
from tests.google.mailbox import Bulk
from tests.google.messages import Message
from tests.torture import provider_world
from tests.torture.archive import ROBIN, START, Friend, friends
from tests.torture.provider_world import GARDENER, TOPICS, Lying

ROBINS_WORK = "work@group.example.com"
PROMOTIONS, PERSONAL, SPAM = "CATEGORY_PROMOTIONS", "CATEGORY_PERSONAL", "SPAM"
_LEFT_OUT = {"DRAFT", "SPAM", "TRASH"}
_TABS = {"CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS"}


class World(provider_world.World):
    """One Google and what happens there."""

    def __init__(self, google: Google, home: Path) -> None:
        super().__init__(google, home)
        self.google = google
        self._sent: list[str] = []  # ids of auld's drafts that were sent
        self._seen: dict[str, Lying] = {}  # message's id -> what it is

    # -- how it begins -------------------------------------------------------------------------------------------------

    def begin(self, seed: int, *, deep: bool) -> None:
        dice = random.Random(seed)
        google = self.google
        google.mailbox.headers = dice.choice(("decoded", "raw"))
        google.mailbox.history_labels = dice.choice(("then", "now"))
        google.calendars.page_limit = dice.choice((None, 3))
        google.calendars.fresh_tokens = dice.random() < 0.3
        google.oauth.rotation = dice.choice((None, "on use", "at once"))
        google.quota.limit = google.quota.calendar_limit = 10**9  # pauses take no time here
        google.quota.reset()
        self._fill(dice, deep=deep)
        self.home.mkdir(parents=True, exist_ok=True)
        google.oauth.client_file(self.home)
        self.write_config(f'kind = "gmail"\nclient_secret = "client_secret.json"\napi_url = "{google.url}"')

    def _fill(self, dice: random.Random, *, deep: bool) -> None:
        self.people = friends(dice)[:14]
        entries: list[Bulk] = []
        for who in self.people:
            ago = float(who.silent)
            for number in range(dice.randrange(2, 5)):
                at, topic = START - timedelta(days=ago, minutes=dice.randrange(200)), dice.choice(TOPICS)
                # What one round need not read is all strangers': what auld writes must not hang on when it reads that.
                mine = dice.random() < 0.5 or number == 0 or deep
                entries.append(self._old(who, at, topic, (who.email, number), mine=mine))
                if dice.random() < 0.6:
                    entries.append(self._old(who, at - timedelta(hours=5), topic, (who.email, number), mine=not mine))
                ago += max(3.0, who.rhythm * dice.uniform(0.7, 1.3))
        for number in range(130 if deep else 10):
            stranger = Friend(f"Stranger {number}", f"stranger{number}@example.net", 0, 0)
            entries.append(self._old(stranger, START - timedelta(days=70 + number), "Hello", None, mine=False))
        for number in range(10):
            news = Friend("News", "news@example.net", 0, 0)
            at = START - timedelta(days=3 + number)
            entries.append(self._old(news, at, "News", None, mine=False, more={"List-Id": "<news.example.net>"}))
        for (headers, *_), name in zip(entries, self.google.mailbox.bulk(entries), strict=True):
            self.names[headers["Message-ID"].strip("<>")] = name
        self.google.calendars.add(ROBINS_WORK, role="owner", summary="Work")
        for number in range(12):
            who = dice.choice(self.people)
            at = START - timedelta(days=who.silent + dice.randrange(1, 200), hours=number)
            self.meet(dice.choice((ROBIN, ROBINS_WORK)), f"old{number}", number % len(self.people), at, "accepted")

    def _old(
        self, who: Friend, at: datetime, topic: str, key: object, *, mine: bool, more: Mapping[str, str] | None = None
    ) -> Bulk:
        me, them = f"Robin Park <{ROBIN}>", f"{who.name} <{who.email}>"
        number = len(self.names)
        self.names[f"m{number}@mail.example.com"] = ""
        headers = {
            "Date": format_datetime(at), "From": me if mine else them, "To": them if mine else me, "Subject": topic,
            "Message-ID": f"<m{number}@mail.example.com>", **(more or {}),
        }  # fmt: skip
        labels = ("SENT",) if mine else ("INBOX", PROMOTIONS) if more else ("INBOX",)
        return headers, labels, at, key

    def sign_in(self) -> None:
        told = self.google.oauth.sign_in(SCOPES)
        host = Host(FileSecrets(self.home / "state" / "secrets" / "home"), self.google.clock.now, self.home, "home")
        kept = tokens.SignIn(told["refresh_token"], told["access_token"], None, SCOPES, self.google.clock.now(), ROBIN)
        tokens.keep(host, kept)

    # -- mail ----------------------------------------------------------------------------------------------------------

    def _raw(self, who: Friend, key: str, topic: str, *, mine: bool, answers: str, listed: bool = False) -> bytes:
        me, them = f"Robin Park <{ROBIN}>", f"{who.name} <{who.email}>"
        sender, to = (me, them) if mine else (them, me)
        more = f"In-Reply-To: <{answers}>\r\nReferences: <{answers}>\r\n" if answers else ""
        more += "List-Id: <news.example.net>\r\n" if listed else ""
        return (
            f"Date: {format_datetime(self.moment(key))}\r\nFrom: {sender}\r\nTo: {to}\r\n"
            f"Subject: {'Re: ' if answers else ''}{topic}\r\nMessage-ID: <{key}>\r\n{more}\r\nAll is well.\r\n"
        ).encode()

    def _put(self, key: str, raw: bytes, labels: Sequence[str]) -> None:
        self.names[key] = self.google.mailbox.deliver(raw, labels)

    def mail(self, key: str, place: int, topic: str, labels: Sequence[str], *, answers: bool) -> None:
        """Let a mail come from a friend, or go to one if it is labelled as sent; `answers` the last one, or not."""
        who = self.people[place % len(self.people)]
        before, old = self._last.get(who.email, ("", "")) if answers else ("", "")
        topic = old or topic
        self._put(key, self._raw(who, key, topic, mine="SENT" in labels, answers=before), labels)
        self._last[who.email] = key, topic

    def visit(self, key: str) -> None:
        """Let a mail come from somebody whom nobody waits for: at any moment it makes no difference to a draft."""
        stranger = Friend(f"Visitor {key}", f"visitor-{key.partition('@')[0]}@example.net", 0, 0)
        self._put(key, self._raw(stranger, key, "Hello there", mine=False, answers=""), ("INBOX", "UNREAD"))

    def newsletter(self, key: str, labels: Sequence[str]) -> None:
        """Let a newsletter come."""
        news = Friend("News", "news@example.net", 0, 0)
        self._put(key, self._raw(news, key, "News", mine=False, answers="", listed=True), labels)

    def answer(self, key: str) -> None:
        """Let somebody answer the draft of auld's that was sent last."""
        sent = [name for name in self._sent if name in self.google.mailbox.messages]
        if sent:
            before = self.google.mailbox.messages[sent[-1]]
            who = next(one for one in self.people if one.email in before.header("to"))
            topic = before.header("subject").removeprefix("Re: ")
            raw = self._raw(who, key, topic, mine=False, answers=before.message_id.strip("<>"))
            self._put(key, raw, ("INBOX", "UNREAD"))

    def relabel(self, key: str, add: Sequence[str], remove: Sequence[str]) -> None:
        """Move a mail."""
        if self.names.get(key) in self.google.mailbox.messages:
            self._touched.add(key)
            self.google.mailbox.relabel(self.names[key], add, remove)

    def relabel_old(self, where: float, add: Sequence[str], remove: Sequence[str], having: Sequence[str]) -> None:
        """Move a settled mail that has these labels."""
        found = [key for key in self._old_ones() if self._labels(key).issuperset(having)]
        if found:
            self.relabel(found[int(where * len(found))], add, remove)

    def delete(self, where: float) -> None:
        """Delete a settled mail for good."""
        if found := self._old_ones():
            self.google.mailbox.delete(self.names[found[int(where * len(found))]])

    def _old_ones(self) -> list[str]:
        """Return what may be put away: not Robin's own mail, without which a new read would not know its thread."""
        known, settled = self.google.mailbox.messages, set(self.settled) - self._touched
        # News in a thread may be what makes auld read all of it.
        new = [name for key, name in self.names.items() if key[0] == "s" and key not in settled]
        busy = {known[name].thread for name in new if name in known}
        found = [key for key in sorted(settled) if self.names[key] in known and "SENT" not in self._labels(key)]
        return [key for key in found if known[self.names[key]].thread not in busy]

    def _labels(self, key: str) -> set[str]:
        return self.google.mailbox.messages[self.names[key]].labels

    def owed(self) -> Iterator[str]:
        """Yield sent mail, its threads, and the inbox less its tabs."""
        several = [one for one in self.google.mailbox.messages.values() if _LEFT_OUT.isdisjoint(one.labels)]
        mine = {one.thread for one in several if "SENT" in one.labels}
        for one in several:
            if one.thread in mine or ("INBOX" in one.labels and _TABS.isdisjoint(one.labels)):
                yield one.message_id.strip("<>")

    def auld_wrote(self) -> Mapping[str, str]:
        return {
            one.message_id.strip("<>"): f"a draft {one.header('to')} of {one.header('date')[:19]}"
            for one in self.google.mailbox.messages.values()
        }

    # -- drafts --------------------------------------------------------------------------------------------------------

    def drafts(self) -> list[tuple[str, Message]]:
        """Return auld's drafts that lie there, by recipient: each with its id."""
        box = self.google.mailbox
        with box.lock:
            lying = [(draft, box.draft(draft)) for draft in box.drafts]
        ours = [one for one in lying if one[1].message_id.strip("<>") not in self.names]
        return sorted(ours, key=lambda one: (one[1].header("to"), one[1].header("date")))

    def lying(self) -> Iterator[Lying]:
        box = self.google.mailbox
        for draft, number in list(box.drafts.items()):
            seen = self._seen.get(number)
            if seen is None:
                one = box.messages[number]
                seen = Lying(draft, one.message_id.strip("<>"), one.header("to"), one.header("date"))
                self._seen[number] = seen
            if seen.key not in self.names:
                yield seen

    def describe_drafts(self) -> Sequence[tuple[str, datetime, bool]]:
        return [
            (one.header("to"), parsedate_to_datetime(one.header("date")), bool(one.header("in-reply-to")))
            for _, one in self.drafts()
        ]

    def begun_to(self) -> set[str]:
        box = self.google.mailbox
        with box.lock:
            lying = [box.draft(draft) for draft in box.drafts]
        return self._friends_in([one.header("to") for one in lying if one.message_id.strip("<>") in self.names])

    def touch_draft(self, where: float, how: str, **more: Any) -> None:
        """Let Robin edit, send or delete a draft of auld's."""
        if lying := self.drafts():
            draft, _ = lying[int(where * len(lying))]
            more |= {"redate": False} if how == "edit" else {}  # by its Date a draft is known in any life
            told = getattr(self.google.mailbox, f"{how}_draft")(draft, **more)
            self._sent += [told] if how == "send" else []

    def write_own(self, key: str, place: int) -> None:
        """Let Robin begin a mail without auld."""
        who = self.people[place % len(self.people)]
        self.names[key] = self.google.mailbox.write_draft(self._raw(who, key, "By the way", mine=True, answers=""))

    # -- meetings ------------------------------------------------------------------------------------------------------

    def meet(self, calendar: str, key: str, place: int, at: datetime, answer: str, **more: Any) -> None:
        """Put a meeting with a friend; below the first place is somebody whom nobody waits for."""
        who = self.people[place % len(self.people)] if place >= 0 else GARDENER
        event = {
            "id": key, "summary": "Lunch", "organizer": {"email": ROBIN},
            "start": {"dateTime": at.isoformat()}, "end": {"dateTime": (at + timedelta(hours=1)).isoformat()},
            "attendees": [
                {"email": ROBIN, "responseStatus": "accepted"},
                {"email": who.email, "displayName": who.name, "responseStatus": answer},
            ],
        }  # fmt: skip
        self.google.calendars.put(calendar, event | more)

    def add_calendar(self, calendar: str) -> None:
        """Let Robin make a calendar."""
        self.google.calendars.add(calendar)

    def move(self, calendar: str, key: str, hours: int) -> None:
        """Move a meeting, and let everybody accept it."""
        entry = self.google.calendars.shelves[calendar].entries[key]
        if not entry.cancelled:
            later = [moment + timedelta(hours=hours) for moment in entry.span()]
            start, end = ({"dateTime": moment.isoformat()} for moment in later)
            guests = [guest | {"responseStatus": "accepted"} for guest in entry.event["attendees"]]
            sequence = entry.event["sequence"] + 1
            self.google.calendars.change(calendar, key, start=start, end=end, attendees=guests, sequence=sequence)

    def cancel(self, calendar: str, key: str, *, only_id: bool) -> None:
        """Cancel a meeting."""
        if key in self.google.calendars.shelves[calendar].entries:
            self.google.calendars.cancel(calendar, key, only_id=only_id)

    def meetings(self) -> dict[str, int]:
        return {
            f"{calendar}/{key}": int(entry.span()[0].timestamp())
            for calendar, shelf in self.google.calendars.shelves.items()
            for key, entry in shelf.entries.items()
            if not entry.cancelled
        }
