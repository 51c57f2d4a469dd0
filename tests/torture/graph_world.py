"""A Microsoft Graph for torture: Robin's mailbox and what happens there. Calendars are in `graph_agenda`."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.base import Host
from connectors.outlook import tokens
from daemon.secrets import FileSecrets
from tests.graph import Call, Graph
from tests.graph.changes import Sending
from tests.graph.client import Client, cache
from tests.graph.messages import Message
from tests.torture import provider_world
from tests.torture.archive import ROBIN, Friend, friends
from tests.torture.graph_agenda import Agenda
from tests.torture.graph_beginning import DELETED, INBOX, JUNK, NEWS, OWN, SENT, fill, stranger, turn_switches
from tests.torture.provider_world import GARDENER, Lying

_ME = f"Robin Park <{ROBIN}>"
_LIST = (("List-Id", "<news.example.net>"), ("Precedence", "bulk"))
_TWO_LOOKS = 600.0
_JSON = {"Content-Type": "application/json"}


class World(provider_world.World):
    """One Graph and what happens there."""

    def __init__(self, graph: Graph, home: Path) -> None:
        super().__init__(graph, home)
        self.graph = graph
        self.agenda = Agenda(graph.calendars)
        self._folders = {OWN: graph.mailbox.add_folder(OWN)}
        self._told: set[str] = set()  # Message-IDs of what ever lay where auld looks
        self._sent: list[tuple[Message, datetime, bool]] = []  # auld's drafts, when made, and whether a proof will be
        self._own: set[str] = set()  # ids of Robin's drafts
        self._sign_ins = 0

    # -- how it begins -------------------------------------------------------------------------------------------------

    def begin(self, seed: int, *, deep: bool) -> None:
        dice = random.Random(seed)
        self.page = turn_switches(self.graph, dice)
        self.people = friends(dice)[:14]
        fill(self, dice, deep=deep)
        self.write_config(
            f'kind = "outlook"\nclient_id = "{self.graph.login.client_id}"\nauthority = "{self.graph.authority}"\n'
            f'api_url = "{self.graph.url}"'
        )

    def sign_in(self) -> None:
        self._sign_ins += 1
        clock = self.graph.clock
        host = Host(FileSecrets(self.home / "state" / "secrets" / "home"), clock.now, self.home, "home")
        tokens.keep(host, tokens.SignIn(cache(self.graph), f"mark {self._sign_ins}", clock.now(), (ROBIN,)))

    def put_off(self, call: Call) -> None:
        """Do later what makes a draft, though nobody gets an answer."""
        self.under_way.append(lambda: self._do(call))

    def _do(self, call: Call) -> None:
        client = Client(self.graph)
        client.ask(call.verb, call.path.removeprefix("/v1.0"), data=call.body, headers=_JSON)
        client.close()

    # -- mail ----------------------------------------------------------------------------------------------------------

    def moment(self, key: str) -> datetime:
        """Return when a mail came: within the last minutes, in no order, as mail may turn up a little late."""
        number = int("".join(filter(str.isdigit, key)))
        return self.graph.clock.now() - timedelta(seconds=number * 7919 % 540)

    def put(
        self, who: Friend, key: str, topic: str, folder: str, *, at: datetime | None = None, answers: str = "",
        listed: bool = False, kind: str = "",
    ) -> None:  # fmt: skip
        """Let a mail come from somebody, or go to them if `folder` is Sent; it answers that with the id `answers`."""
        them, mine = f"{who.name} <{who.email}>", folder == SENT
        if folder not in {JUNK, DELETED}:
            self._told.add(key)
        self.names[key] = self.graph.mailbox.deliver(
            _ME if mine else them, [them if mine else _ME], at=at or self.moment(key),
            subject=f"{'Re: ' if answers else ''}{topic}", message_id=f"<{key}>",
            answers=[f"<{answers}>"] if answers else [], headers=_LIST if listed else (),
            folder=self._folders.get(folder, folder), kind=kind,
        )  # fmt: skip

    def mail(self, key: str, place: int, topic: str, folder: str, *, answers: bool) -> None:
        """Let a mail come from a friend, or go to one if it lies in Sent; `answers` the last one, or not."""
        who = self.people[place % len(self.people)]
        before, old = self._last.get(who.email, ("", "")) if answers else ("", "")
        topic = old or topic
        self.put(who, key, topic, folder, answers=before)
        self._last[who.email] = key, topic

    def odd_mail(self, key: str, place: int, folder: str, *, listed: bool) -> None:
        """Let what is no letter come from a friend: through a list, or an invitation."""
        who = self.people[place % len(self.people)]
        self.put(who, key, "Come", folder, listed=listed, kind="" if listed else "eventMessageRequest")

    def visit(self, key: str) -> None:
        """Let a mail come from somebody whom nobody waits for: at any moment it makes no difference to a draft."""
        self.put(Friend(f"Visitor {key}", f"visitor-{key.partition('@')[0]}@example.net", 0, 0), key, "Hello", INBOX)

    def crowd(self, key: str) -> None:
        """Let strangers write at once, some in the same second: more than one page of news may hold."""
        number, began = int("".join(filter(str.isdigit, key))), self.moment(key) - timedelta(seconds=4)
        for place in range(12):
            at = began.replace(microsecond=place % 4 * 200_000) + timedelta(seconds=place // 4)
            self.put(stranger(1000 + number * 12 + place), key.replace("@", f".{place}@"), "Hello", INBOX, at=at)

    def newsletter(self, key: str, folder: str) -> None:
        """Let a newsletter come."""
        self.put(NEWS, key, "News", folder, listed=True)

    def answer(self, key: str) -> None:
        """Let somebody answer the draft of auld's that was sent last."""
        sent = [one for one, *_ in self._sent if one.serial in self.graph.mailbox.messages]
        if sent:
            who = next(one for one in self.people if one.email == sent[-1].to[0][1])
            topic = sent[-1].subject.removeprefix("Re: ")
            self.put(who, key, topic, INBOX, answers=sent[-1].message_id.strip("<>"))

    def put_away(self, where: float, folder: str) -> None:
        """Move a settled mail that was received."""
        if found := [key for key in self._old_ones() if self._message(key).folder.known != SENT]:
            key = found[int(where * len(found))]
            self._touched.add(key)
            self.graph.mailbox.move(self.names[key], self._folders.get(folder, folder))

    def delete(self, where: float) -> None:
        """Delete a settled mail for good."""
        if found := self._old_ones():
            self.graph.mailbox.delete(self.names[found[int(where * len(found))]])

    def _old_ones(self) -> list[str]:
        """Return what may be put away: what was told. The rest would be told if it came where auld looks."""
        settled = [key for key in self.settled if key in self._told and key not in self._touched]
        return [key for key in settled if self.graph.mailbox.find(self.names[key]) is not None]

    def _message(self, key: str) -> Message:
        return self.graph.mailbox.get(self.names[key])

    def owed(self) -> Iterator[str]:
        for one in self.graph.mailbox.messages.values():
            if not one.draft and one.folder.known not in {JUNK, DELETED}:
                yield one.message_id.strip("<>")

    def auld_wrote(self) -> Mapping[str, str]:
        return {
            one.message_id.strip("<>"): f"a mail to {one.to[0][1]} of {one.received:%Y-%m-%d %H}"
            for one in self.graph.mailbox.messages.values()
            if one.to
        }

    def tells_marks(self, sender: str) -> bool:
        """Say so of Robin's friends: for those of others headers are not asked for where a list brings none."""
        return self.graph.mail.headers_in_lists is True or sender in {ROBIN, *(who.email for who in self.people)}

    # -- drafts --------------------------------------------------------------------------------------------------------

    def _drafts(self) -> list[Message]:
        """Return auld's drafts, wherever Robin put them."""
        box = self.graph.mailbox
        with box.lock:
            drafts = [one for one in box.messages.values() if one.draft and one.folder.known != DELETED]
        ours = [one for one in drafts if one.id(immutable=True) not in self._own]
        return sorted(ours, key=lambda one: (one.to, one.received))

    def lying(self) -> Iterator[Lying]:
        for one in self._drafts():
            key = next(iter((one.extended or {}).values()), "")
            yield Lying(one.id(immutable=True), key, one.to[0][1], f"{one.received:%a, %d %b %Y}")

    def describe_drafts(self) -> Sequence[tuple[str, datetime, bool]]:
        box = self.graph.mailbox
        mine = self._drafts()
        threads = {one.conversation for one in box.messages.values() if one not in mine}
        return [(one.to[0][1], one.received, one.conversation in threads) for one in mine]

    def sent(self) -> Iterator[tuple[str, datetime]]:
        begun = self.begun_to()
        for one, made, provable in self._sent:
            if one.serial not in self.graph.mailbox.messages:
                continue
            to = one.to[0][1]
            # Of two drafts to somebody one that went under another name may as well be the one that is left.
            if one.message_id.strip("<>") in (one.extended or {}).values() if to in begun else provable:
                yield to, made

    def begun_to(self) -> set[str]:
        return self._friends_in(
            [one.to[0][1] for one in self.graph.mailbox.drafts if one.id(immutable=True) in self._own]
        )

    def touch_draft(self, where: float, how: str, **more: Any) -> None:
        """Let Robin edit, send, move or delete a draft of auld's."""
        box, lying = self.graph.mailbox, self._drafts()
        if not lying:
            return
        draft = lying[int(where * len(lying))]
        name = draft.id(immutable=True)
        if how == "edit":
            box.edit_draft(name, **{field: value for field, value in more.items() if value is not None})
        elif how == "move":
            box.move(name, self._folders[OWN])
        elif how == "delete":
            box.delete_draft(name)
        else:
            made, box.sending = draft.received, Sending(**more)
            box.send_draft(name)
            # What comes late, with other names than it had, is anybody's.
            self._sent.append((draft, made, box.sending.lag < _TWO_LOOKS or box.sending.keeps_message_id))

    def write_own(self, key: str, place: int) -> None:
        """Let Robin begin a mail without auld."""
        who = self.people[place % len(self.people)]
        name = self.graph.mailbox.write_draft([f"{who.name} <{who.email}>"], "By the way")
        self._own.add(name)
        self.names[self.graph.mailbox.get(name).message_id.strip("<>")] = key

    # -- meetings ------------------------------------------------------------------------------------------------------

    def meet(self, calendar: str, key: str, place: int, at: datetime, answer: str, **more: Any) -> None:
        """Put a meeting with a friend; below the first place is somebody whom nobody waits for."""
        who = self.people[place % len(self.people)] if place >= 0 else GARDENER
        self.agenda.put(calendar, key, "Lunch", at, {f"{who.name} <{who.email}>": answer}, **more)

    def be_invited(self, calendar: str, key: str, place: int, at: datetime, answer: str) -> None:
        """Let a friend put a meeting with Robin."""
        who = self.people[place % len(self.people)]
        organizer = f"{who.name} <{who.email}>"
        self.agenda.put(calendar, key, "Tea", at, {_ME: answer}, organizer=organizer, response=answer)

    def add_calendar(self, calendar: str) -> None:
        """Let Robin make a calendar."""
        self.agenda.add(calendar)

    def move(self, calendar: str, key: str, hours: int) -> None:
        """Move a meeting, and let everybody accept it."""
        del calendar
        self.agenda.move(key, hours)

    def respond(self, key: str, answer: str) -> None:
        """Let Robin answer an invitation, or guests answer Robin's."""
        self.agenda.respond(key, answer)

    def cancel(self, key: str, *, drop: bool) -> None:
        """Call a meeting off, or take it out."""
        self.agenda.cancel(key, drop=drop)

    def meetings(self) -> dict[str, int]:
        return self.agenda.told()
