"""auld over a mailbox at the emulator, as a user has it: a folder, a config, commands. And Robin's mailbox at Google.

Everything is dated from NOW. Commands run in this process; `program` runs one of its own.
"""

import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
from unittest.mock import patch

from tests.cli.archive import NOW, ROBIN, Ran, before, run
from tests.emulator.emulator import Emulator, Hands
from tests.emulator.program import Browser

T = TypeVar("T")

ME: Final = "robin@example.com"
ANA: Final = "Ana Lima <ana@example.org>"
BELA: Final = "Bela Kovacs <bela@example.net>"
CHIDI: Final = "Chidi Obi <chidi@example.org>"
DORA: Final = "Dora Klein <dora@example.org>"
EVE: Final = "Eve Stone <eve@example.net>"
SHOP: Final = "The Shop <no-reply@shop.example.org>"
NEWSLETTER: Final = "Garden Letters <newsletter@letters.example.org>"
PAULA: Final = "Paula Price <paula@offers.example.org>"
SAM: Final = "Sam Sly <sam@example.net>"


def letter(
    key: str, thread: str, sender: str, to: str, at: float, subject: str, *labels: str, answers: str = ""
) -> dict[str, Any]:
    """Return a mail for the seed; `at` is days before NOW, `answers` are the keys of those before it in its thread."""
    refs = [f"<{one}@mail.example.org>" for one in answers.split()]
    told: dict[str, Any] = {
        "id": key, "thread_id": thread, "user_email": ME, "message_id": f"<{key}@mail.example.org>", "from": sender,
        "to": to, "subject": subject, "date": before(at).isoformat(), "label_ids": list(labels),
        "body_text": "Hello,\n\nall is well here.",
    }  # fmt: skip
    return told | ({"in_reply_to": refs[-1], "references": " ".join(refs)} if refs else {})


def mailbox() -> list[dict[str, Any]]:
    """Return Robin's mail."""
    return [
        letter("sea1", "t-sea", ROBIN, ANA, 400, "The sea", "SENT"),
        letter("sea2", "t-sea", ANA, ROBIN, 399, "Re: The sea", "INBOX", answers="sea1"),
        letter("sea3", "t-sea", ROBIN, ANA, 200, "Re: The sea", "SENT", answers="sea1 sea2"),
        letter("hut1", "t-hut", ROBIN, BELA, 300, "A hut in the hills", "SENT"),
        letter("hut2", "t-hut", BELA, ROBIN, 299, "Re: A hut in the hills", "INBOX", answers="hut1"),
        letter("boat1", "t-boat", BELA, ROBIN, 90, "The old boat", "INBOX"),
        letter("boat2", "t-boat", ROBIN, BELA, 60, "Re: The old boat", "SENT", answers="boat1"),
        letter("jam1", "t-jam", ROBIN, CHIDI, 150, "Plum jam", "SENT"),
        letter("jam2", "t-jam", CHIDI, ROBIN, 149, "Re: Plum jam", answers="jam1"),
        letter("map1", "t-map", ROBIN, DORA, 101, "Old maps", "SENT"),
        letter("map2", "t-map", DORA, ROBIN, 100, "Re: Old maps", "INBOX", answers="map1"),
        letter("shop1", "t-shop1", SHOP, ROBIN, 70, "Your order", "INBOX"),
        letter("shop2", "t-shop2", SHOP, ROBIN, 30, "Your next order", "INBOX"),
        letter("shop3", "t-shop2", ROBIN, SHOP, 29, "Re: Your next order", "SENT", answers="shop2"),
        letter("news1", "t-news1", NEWSLETTER, ROBIN, 40, "Roses", "INBOX", "CATEGORY_UPDATES"),
        letter("news2", "t-news2", NEWSLETTER, ROBIN, 10, "Tulips", "INBOX", "CATEGORY_UPDATES"),
        letter("offer1", "t-offer1", PAULA, ROBIN, 8, "Half the price", "INBOX", "CATEGORY_PROMOTIONS"),
        letter("spam1", "t-spam1", SAM, ROBIN, 7, "You won", "SPAM"),
        letter("own1", "t-own1", ROBIN, DORA, 3, "Shall we", "DRAFT"),
    ]


def seed() -> dict[str, Any]:
    """Return what the emulator begins with."""
    calendars = [("primary", ME, "owner"), ("family", "Family", "owner"), ("choir", "The choir's", "reader")]
    return {
        "users": [{"email": ME, "name": "Robin Park"}],
        "messages": mailbox(),
        "calendars": [
            {"id": number, "user_email": ME, "summary": name, "access_role": role, "primary": number == "primary"}
            for number, name, role in calendars
        ],
        "calendar_events": [
            {
                "id": "asked", "user_email": ME, "calendar_id": "primary", "summary": "Shall we meet?",
                "start_date_time": before(15).isoformat(), "end_date_time": before(14.9).isoformat(),
                "attendees": [{"email": ME}, {"email": "bela@example.net", "display_name": "Bela Kovacs"}],
            }
        ],
    }  # fmt: skip


LISTED: Final = """
[[people]]
name = "Ana Lima"
emails = ["ana@example.org"]
every = "1 month"

[[people]]
name = "Bela Kovacs"
emails = ["bela@example.net"]
every = "1 month"
"""


class House(ABC):
    """A folder with config and state, for an account at an emulator. `trusts` is a file of certificates, if need be."""

    def __init__(self, folder: Path, trusts: Path | None = None) -> None:
        self.folder, self.trusts = folder, trusts
        self.config, self.state = folder / "config.toml", folder / "state"
        self.token = self.state / "secrets" / "home" / "token"
        self.configure("home")

    @property
    @abstractmethod
    def stanza(self) -> str:
        """The keys of each account, less its name."""

    def configure(self, *accounts: str) -> None:
        """Write the config, with these accounts."""
        stanzas = [f'[[accounts]]\nname = "{name}"\n{self.stanza}' for name in accounts]
        me = f'[me]\nname = "Robin Park"\nemails = ["{ME}"]\ntimezone = "Europe/Amsterdam"\n'
        self.config.write_text("\n".join(['state = "state"\n', me, *stanzas, LISTED]), "utf-8")

    @property
    def _environ(self) -> dict[str, str]:
        return {} if self.trusts is None else {"REQUESTS_CA_BUNDLE": str(self.trusts)}

    def words(self, *words: str, now: datetime | None = NOW) -> list[str]:
        """Return a command's words, with the options that make it this home's."""
        return ["--config", str(self.config), *(["--now", now.isoformat()] if now is not None else []), *words]

    def run(self, *words: str, now: datetime = NOW, code: int | Collection[int] = 0) -> Ran:
        """Run a command; it must end with (one of) `code`."""
        with patch.dict(os.environ, self._environ):
            ran = run(*self.words(*words, now=now))
        assert ran.code in ([code] if isinstance(code, int) else code), (words, ran)
        return ran

    def ask(self, *words: str, now: datetime = NOW, code: int = 0) -> Any:
        """Return what a command says as JSON."""
        return self.run(*words, "--json", now=now, code=code).json

    @contextmanager
    def program(self, *words: str, **more: str) -> "Iterator[subprocess.Popen[str]]":
        """Run a command as a program of its own, where files are open to all unless it says otherwise.

        `more` is set in its environment.
        """
        program = Path(sys.executable).with_name("auld")
        environ = {"HOME": str(self.folder), "PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"}
        with subprocess.Popen(
            [str(program), *self.words(*words)], env=environ | self._environ | more, cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, umask=0,
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    def sign_in(
        self, account: str = "home", do: Callable[[str], T] | None = None, now: datetime = NOW, code: int = 0
    ) -> tuple[Ran, T | str]:
        """Sign in, with a browser that auld opens; `do` is what is done there, else the user agrees."""
        with ThreadPoolExecutor(1) as pool:
            done: list[Future[T | str]] = []

            def browse(address: str) -> bool:
                done.append(pool.submit(do or Browser(ME, self.trusts).agree, address))
                return True

            with patch("webbrowser.open", browse):
                ran = self.run("login", account, "--wait", "1 minute", now=now, code=code)
            [future] = done
            return ran, future.result()

    def read(self) -> None:
        """Sign in and read all there is."""
        self.sign_in()
        self.run("sync")

    def person(self, email: str, now: datetime = NOW) -> dict[str, Any]:
        """Return the entry of `auld people --all` that holds an address."""
        [found] = [one for one in self.ask("people", "--all", now=now) if email in one["emails"]]
        return dict(found)

    def draft(self, email: str, now: datetime = NOW) -> dict[str, Any]:
        """Have a draft written to somebody; return what auld says of it."""
        [written] = self.ask("draft", email, now=now)
        return dict(written)

    def status(self, key: str) -> str:
        """Return what became of a draft."""
        [found] = [one["status"] for one in self.ask("drafts") if one["key"] == key]
        return str(found)


class Home(House):
    """With an account at Google."""

    def __init__(self, folder: Path, emulator: Emulator, hands: Hands) -> None:
        self.emulator, self.hands = emulator, hands
        emulator.client_file(folder)
        super().__init__(folder)

    @property
    def stanza(self) -> str:
        return f'kind = "gmail"\nclient_secret = "client_secret.json"\napi_url = "{self.emulator.url}"\n'

    def keep_appointments(self) -> None:
        """Put into the calendars what Robin did and is going to do."""
        both = ((ROBIN, "accepted"), (CHIDI, "accepted"))
        many = tuple((f"guest{number}@example.net", "accepted") for number in range(6))
        hour = timedelta(hours=1)
        meet = self.hands.meet
        meet("Lunch", before(30), before(30) + hour, *both)
        meet("Coffee", before(20), before(20) + hour, (ROBIN, "accepted"), (DORA, "declined"))
        meet("A party", before(10), before(10) + hour, (ROBIN, "accepted"), (ANA, "accepted"), *many)
        meet("Holidays", before(5), before(4), (ROBIN, "accepted"), (ANA, "accepted"), all_day=True)
        meet("Choir", before(3), before(3) + hour, (ROBIN, "accepted"), (ANA, "accepted"), calendar="choir")
        meet("Walk", before(40), before(40) + hour, (ROBIN, "accepted"), (EVE, "accepted"), calendar="family")
        meet("Planning", before(-7), before(-7) + hour, *both)


@contextmanager
def at_home(folder: Path, *, redirect: str = "") -> Iterator[Home]:
    """Yield a home whose account is at a new emulator; nobody is signed in, nothing is read."""
    told, house = folder / "emulator", folder / "home"
    told.mkdir()
    house.mkdir()
    with Emulator(told, seed(), redirect) as emulator:
        hands = Hands(emulator, ME)
        try:
            yield Home(house, emulator, hands)
        finally:
            hands.close()
