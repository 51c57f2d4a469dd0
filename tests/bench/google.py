"""Figures of the kind "gmail", counted at the fake Google in units of its quota and seconds of its clock: exact."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.types import Batch, Mail
from tests.bench.figures import Figure
from tests.connectors.gmail.home import Home, signed_in
from tests.google.client import service
from tests.google.plenty import Plenty, fill
from tests.google.quota import Window

WINDOWS: tuple[Window, ...] = ("sliding", "fixed", "bucket")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a first read took: `seconds` of the fake's clock; `threads` of mine that are told in the first minute."""

    made: Plenty
    units: int
    calls: int
    refused: int
    seconds: float
    limit: int
    threads_in_a_minute: int

    @property
    def dearer(self) -> float:
        """Units against the least that is needed."""
        return self.units / self.made.units

    @property
    def kept(self) -> float:
        """Units against what the quota allowed in that time."""
        return self.units / (self.limit * self.seconds / 60)

    @property
    def refused_share(self) -> float:
        """Refused calls against all."""
        return self.refused / self.calls


def first_read(
    mails: int, threads: int, *, limit: int, latency: float, window: Window, besides: int = 0, minutes: float = 1e9
) -> Reading:
    """Read a mailbox for the first time, at most for so many minutes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        signed_in(Path(folder), limit=limit, latency=latency, window=window, offset=17.0) as home,
    ):
        made = fill(home.google, mails, threads, besides=besides)
        clock, begun, early = home.google.clock, home.google.clock.tick(), set[str]()
        cursor: str | None = None
        while True:
            for batch in home.mail.changes(cursor, None):
                cursor = batch.cursor
                if clock.tick() - begun <= 60:
                    early |= _mine(batch)
                if clock.tick() - begun > 60 * minutes:
                    break
            if cursor is None or '"through"' in cursor or clock.tick() - begun > 60 * minutes:
                break
        quota = home.google.quota
        return Reading(
            made, quota.units, sum(quota.calls.values()), quota.refused, clock.tick() - begun, limit, len(early)
        )


def _mine(batch: Batch[Mail]) -> set[str]:
    return {mail.thread for mail in batch.items if mail.subject.startswith("Thread")}


def plain_way(mails: int, threads: int) -> tuple[int, int]:
    """Return what listing and getting every sent mail costs of the same mailbox, and how many mails that tells."""
    with tempfile.TemporaryDirectory() as folder, signed_in(Path(folder), limit=10**9) as home:
        fill(home.google, mails, threads)
        return _get_every_sent(home)


def _get_every_sent(home: Home) -> tuple[int, int]:
    before, told, page = home.google.quota.units, 0, None
    client = service(home.google)
    messages = client.users().messages()
    while True:
        found = messages.list(userId="me", labelIds=["SENT"], maxResults=500, pageToken=page).execute()
        for one in found.get("messages", []):
            messages.get(userId="me", id=one["id"], format="metadata").execute()
            told += 1
        page = found.get("nextPageToken")
        if page is None:
            client.close()
            return home.google.quota.units - before, told


def measure_google() -> Iterator[Figure]:
    """Measure first reads at every quota, and what the plain way costs."""
    for limit in (6_000, 15_000):
        for latency in (0.0, 0.15):
            for window in WINDOWS:
                yield from _measure(limit, latency, window)
    reading = first_read(6_000, 2_000, limit=6_000, latency=0, window="sliding")
    units, told = plain_way(6_000, 2_000)
    note = f"{units / told:.1f} units a mail, and only those sent; ours {reading.units / reading.made.mails:.1f}"
    yield Figure(
        "Gmail: units of the plain way against ours, a mail",
        (units / told) / (reading.units / reading.made.mails),
        None,
        "times",
        note=note,
    )


def _measure(limit: int, latency: float, window: Window) -> Iterator[Figure]:
    name = f"Gmail, {limit:,} units a minute ({window}), {latency * 1000:.0f} ms: "
    reading = first_read(12_000, 4_000, limit=limit, latency=latency, window=window, besides=500)
    yield Figure(name + "units against the least", reading.dearer, 1.02, "times")
    yield Figure(name + "of the rate kept", 100 * reading.kept, 95, "%", "at least")
    yield Figure(name + "calls refused", 100 * reading.refused_share, 1, "%")
    early = first_read(50_000, 15_000, limit=limit, latency=latency, window=window, minutes=1)
    wanted = 100 if limit == 6_000 else 300
    yield Figure(name + "threads after 60 s", early.threads_in_a_minute, wanted, "", "at least")
