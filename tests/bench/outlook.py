"""Figures of the kind "outlook": requests counted at the fake Graph, exact; mails a second, of real processes."""

import contextlib
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from connectors.outlook import tokens
from daemon.secrets import FileSecrets
from tests.bench.figures import Figure
from tests.bench.processes import AULD, run
from tests.connectors.outlook.home import signed_in
from tests.graph import START, Graph
from tests.graph.plenty import Plenty, fill

_ROOT: Final = Path(__file__).parents[2]
_RECEIVED: Final = (("Received", "from mail.example.org by mail.example.com; Thu, 01 Oct 2026 09:30:00 +0000"),)
_LATENCY: Final = 0.3
_SERVING: Final = (
    "from tests.bench import outlook; from tests.graph import __main__ as it; it.fill = outlook.filled; it.main()"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a first read took: requests for pages, batches for headers, what was `refused`, and what was told."""

    made: Plenty
    pages: int
    batches: int
    refused: int
    told: int

    @property
    def dearer(self) -> float:
        """Requests for pages, and what else is asked besides headers, against the least number of pages."""
        return self.pages / self.made.pages()

    @property
    def fewest_batches(self) -> int:
        """Batches that the headers need at least, where lists do not bring them."""
        return math.ceil(self.made.candidates / 20)


def give_headers(graph: Graph) -> None:
    """Let every received mail have come through the internet, as all but a few have."""
    for message in graph.mailbox.messages.values():
        if not message.in_sent and not message.headers:
            message.headers = _RECEIVED


def filled(graph: Graph, sent: int, received: int, **more: Any) -> Plenty:
    """Fill a mailbox, with headers for all that was received."""
    made = fill(graph, sent, received, **more)
    give_headers(graph)
    return made


def first_read(sent: int, received: int, *, headers: bool = True, filters: bool = True) -> Reading:
    """Read a mailbox for the first time. `headers`: lists bring them; `filters`: they can leave a folder out."""
    with tempfile.TemporaryDirectory() as folder, signed_in(Path(folder)) as home:
        graph = home.graph
        made = filled(graph, sent, received)
        graph.mail.headers_in_lists, graph.mail.refuses_folder_filter = headers, not filters
        before, throttle = graph.requests, graph.throttle
        told = sum(len(batch.items) for batch in home.mail.changes(None, None))
        looked_up = {call.request for call in graph.log if call.method == "me.messages.get"}
        asked = graph.requests - before
        return Reading(made, asked - len(looked_up), len(looked_up), throttle.refused, told)


class Server:
    """The fake as a process of its own, every request of which takes `latency` seconds."""

    def __init__(self, *words: str) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-c", _SERVING, *words),
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.told = self._line()

    def ask(self) -> Any:
        """Return what was counted so far."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def settle(folder: Path, told: Any) -> Path:
    """Write the config of an account that is signed in at a server; return it."""
    config = folder / "config.toml"
    config.write_text(
        'state = "state"\n[me]\nname = "Robin Park"\ntimezone = "UTC"\n[[accounts]]\nname = "work"\nkind = "outlook"\n'
        f'client_id = "{told["client_id"]}"\nauthority = "{told["authority"]}"\napi_url = "{told["url"]}"\n'
        "calendar = false\n",
        encoding="utf-8",
    )
    kept = tokens.SignIn(told["cache"], "mark", START, ("robin@example.com",))
    FileSecrets(folder / "state" / "secrets" / "work").put(tokens.NAME, tokens.write(kept))
    return config


def sync(sent: int, received: int, now: datetime = START) -> tuple[float, Any, Any]:
    """Read a mailbox for the first time, from the command to the ledger on disk; return seconds, and what was told."""
    words = ("--sent", str(sent), "--received", str(received), "--latency", str(_LATENCY))
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(Server(*words)) as server:
        config = settle(Path(folder), server.told)
        ran = run((*AULD, "sync", "--config", str(config), "--now", now.isoformat()))
        return ran.seconds, server.told, server.ask()


def measure_outlook() -> Iterator[Figure]:
    """Measure first reads, of lists with headers and without, and of a server that cannot leave Sent out."""
    for headers in (True, False):
        reading = first_read(50_000, 100_000, headers=headers)
        name = f"Outlook, 50,000 sent, 100,000 received, headers in lists {'yes' if headers else 'no'}: "
        yield Figure(name + "requests against the least", reading.dearer, 1.05, "times")
        wanted = 0 if headers else reading.fewest_batches
        yield Figure(name + "batches for headers", reading.batches, wanted, "")
        yield Figure(name + "calls refused", reading.refused, 0, "")
    reading = first_read(50_000, 100_000, filters=False)
    yield Figure("Outlook, the same, where lists cannot leave Sent out: requests", reading.dearer, None, "times")
    seconds, made, counted = sync(50_000, 100_000)
    mails = made["sent"] + made["received"]
    note = f"{counted['requests']} requests, {counted['most']} at a time, {counted['refused']} refused"
    yield Figure("Outlook, 300 ms a page: `auld sync`", mails / seconds, 2_000, "mails/s", "at least", note)
