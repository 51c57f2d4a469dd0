"""Three days of a service over a mail archive and a Google: what a laptop goes through, and all that goes wrong.

Rounds are done by the real worker: most of them in this process, each hour's last one in a process that is killed.
"""

import json
import logging
import os
import random
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from time import sleep
from typing import Any, Final
from unittest.mock import patch

from connectors.base import Host
from connectors.gmail import tokens
from daemon.accounts import Accounts, open_accounts
from daemon.secrets import FileSecrets
from daemon.service.child import WORK, Ended
from daemon.service.loop import Service
from daemon.service.manager import Manager
from daemon.service.orders import Answer, Order
from daemon.service.work import Worker
from tests.cli.archive import MAIN_ACCOUNT, Home, listed
from tests.google import Google
from tests.google.client import SCOPES
from tests.google.faults import status
from tests.service.running import surroundings
from tests.service.sky import Sky, library_under

NEAR: Final = ("Ana Lima", "Bela Kovacs", "Carl Castel", "Dora Dimitrov")
FAR: Final = ("Emil Eriksson", "Fred Fitzgerald", "Gina Grunwald", "Hugo Halvorsen")
ROBIN: Final = "Robin Park <robin@example.com>"
_FULL = 512  # bytes that a file may have on a full disk


class Cut(BaseException):
    """The service is no more."""


def address(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}@example.org"


class Weekend:
    """The machine, its archive, its Google, and the service over them."""

    def __init__(self, home: Home, google: Google, sky: Sky, dice: random.Random) -> None:
        self.home, self.google, self.sky, self.dice = home, google, sky, dice
        self.done: list[float] = []  # when a round was done, in seconds of real time
        self.asked: list[float] = []  # and when one was tried
        self.made: dict[str, set[str]] = {}  # whom a draft was to -> the keys of all that were ever seen
        self.kills = self.deaths = 0
        self.full = False
        self._kill_next = False
        self._serial = 0

    # -- how it begins ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        for number, name in enumerate(NEAR):
            self.home.friend(f"{name} <{address(name)}>", silent=230 + 5 * number)
        entries: list[Any] = []
        for number, name in enumerate(FAR):
            for back in (200 + number, 240, 290):
                self._serial += 1
                at = self.sky.now() - timedelta(days=back)
                headers = {
                    "Date": format_datetime(at), "From": ROBIN, "To": f"{name} <{address(name)}>",
                    "Subject": "The choir", "Message-ID": f"<g{self._serial}@mail.example.com>",
                }  # fmt: skip
                entries.append((headers, ("SENT",), at, (name, back)))
        self.google.mailbox.bulk(entries)
        self.google.oauth.client_file(self.home.path)
        self.sign_in()
        self.configure()
        self.home.run("sync", "archive", now=self.sky.now() - timedelta(days=20))  # its first day was long ago

    def break_config(self) -> None:
        self.home.config.write_text("[me\n", encoding="utf-8")

    def configure(self, more: str = "") -> None:
        stanza = '[[accounts]]\nname = "web"\nkind = "gmail"\nclient_secret = "client_secret.json"\n'
        stanza += f'api_url = "{self.google.url}"\n'
        rhythm = "[rhythm]\ngoal = 60\nopen = 20\n[service]\nnotify = false\n"
        self.home.configure(listed(*NEAR, *FAR) + rhythm + more, accounts=MAIN_ACCOUNT + stanza)

    def sign_in(self) -> None:
        told = self.google.oauth.sign_in(SCOPES)
        host = Host(FileSecrets(self.home.state / "secrets" / "web"), self.sky.now, self.home.path, "web")
        kept = tokens.SignIn(
            told["refresh_token"], told["access_token"], None, SCOPES, self.google.clock.now(), "robin@example.com"
        )
        tokens.keep(host, kept)

    # -- what happens ----------------------------------------------------------------------------------------------

    def offline(self, *, yes: bool) -> None:
        self.google.plan = (lambda _: status(503)) if yes else None

    def hear(self, word: str) -> None:
        setattr(self.sky.heard, word, True)

    def write(self, name: str) -> None:
        """Let Robin write to somebody, from the archive's account."""
        self.home.wrote(f"{name} <{address(name)}>", self.sky.now() - timedelta(minutes=1), subject="A walk")

    def get_mail(self) -> None:
        """Let mail come that asks for nothing, here and there."""
        self._serial += 1
        at = self.sky.now() - timedelta(minutes=1)
        self.home.got(f"Visitor <visitor{self._serial}@example.net>", at)
        raw = (
            f"Date: {format_datetime(at)}\r\nFrom: Caller <caller{self._serial}@example.net>\r\nTo: {ROBIN}\r\n"
            f"Subject: Hello\r\nMessage-ID: <v{self._serial}@example.net>\r\n\r\nHello.\r\n"
        )
        self.google.mailbox.deliver(raw.encode(), ("INBOX", "UNREAD"))

    def kill(self) -> None:
        """Let the service be killed in the midst of its next round, a round now."""
        self._kill_next = True
        self.hear("round")

    # -- the service -----------------------------------------------------------------------------------------------

    def live(self, hours: float) -> None:
        """Let the service run so long; whenever it was killed, it is started again."""
        logging.getLogger("daemon.service").setLevel(logging.INFO)
        until = self.sky.boot() + hours * 3600
        self.sky.at(until / 3600, self.sky.stop)
        while self.sky.boot() < until:
            service = Service(self.sky, self.sky, Manager({}), self._carry_out, Order(str(self.home.config)))
            try:
                with library_under(self.sky):
                    service.serve()
            except Cut:
                self.deaths += 1
                self.sky.pass_(60)  # systemd waits so long

    def _carry_out(self, order: Order) -> Ended:
        order = Order.load(order.dump())
        self.google.clock.wait(max(0.0, (self.sky.now() - self.google.clock.now()).total_seconds()))
        if order.look:
            return self._here(order)
        self.asked.append(self.sky.boot())
        self.sky.pass_(1)
        killed, self._kill_next = self._kill_next, False
        if killed:
            self.kills += 1
            self._there(order, self.dice.uniform(0.0, 0.9))
            self._watch()
            raise Cut
        ended = self._there(order, None) if self.full else self._here(order)
        self._watch()
        if ended.answer is not None and ended.answer.done:
            self.done.append(self.sky.boot())
        return ended

    def _here(self, order: Order) -> Ended:
        worker = Worker(order)
        with hurried():
            code = worker.carry_out()
        return Ended(code, Answer.load(worker.answer.dump()))

    def _there(self, order: Order, delay: float | None) -> Ended:
        """Do it in a process, which is killed after so many seconds, or has a full disk."""
        reading, writing = os.pipe()
        with subprocess.Popen(
            (*WORK, str(writing)), cwd=self.home.path, env=surroundings({}), stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL, pass_fds=(writing,), start_new_session=True,
        ) as process:  # fmt: skip
            os.close(writing)
            assert process.stdin is not None
            if self.full:
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_FULL, _FULL))
            process.stdin.write(order.dump() + b"\n")
            process.stdin.flush()
            if delay is not None:
                sleep(delay)  # the moment is the matter here
                process.send_signal(signal.SIGKILL)
            with os.fdopen(reading, "rb") as told:
                data = told.read()
            return Ended(process.wait(), Answer.load(data))

    def _watch(self) -> None:
        """Hold what must hold at any instant: nobody was ever given two drafts."""
        for to, key in self.lying():
            keys = self.made.setdefault(to, set())
            keys.add(key)
            assert len(keys) == 1, f"a second draft to {to}"

    def lying(self) -> Iterator[tuple[str, str]]:
        """Yield whom each draft that lies there is to, and its key."""
        for draft in self.home.lying():
            yield draft.to, draft.key
        box = self.google.mailbox
        with box.lock:
            for one in [box.draft(name) for name in box.drafts]:
                yield one.header("to").split("<")[-1].strip("<> "), one.message_id.strip("<>")

    def ask_health(self, name: str) -> str:
        """Return how an account is, as `auld status` tells."""
        told = self.home.run("status", "--json", now=self.sky.now(), code=(0, 1)).json
        return str(next(one["health"] for one in told["accounts"] if one["name"] == name))

    def people(self, state: str) -> dict[str, Any]:
        """Return what is known of everybody's contacts, by a state folder."""
        told = self.home.run("--state", state, "people", "--all", "--json", now=self.sky.now()).out
        return {
            one["emails"][0]: (one["last_contact"] and one["last_contact"]["at"], one["contact_days"])
            for one in json.loads(told)
        }


@contextmanager
def hurried() -> Iterator[None]:
    """Let pauses between tries take no time."""

    def opened(*given: Any) -> Accounts:
        accounts = open_accounts(*given)
        accounts.stop.wait = lambda timeout=None: accounts.stop.is_set()  # type: ignore[method-assign]  # noqa: ARG005
        return accounts

    with patch("daemon.service.work.open_accounts", opened):
        yield
