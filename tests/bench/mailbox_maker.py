"""Makes large, believable mailboxes for measurements: the same bytes for the same arguments, on any machine.

A sixth of the mails is the user's own; the rest is from people, lists, newsletters and robots. A few people bring much
of the mail and most bring a mail or two a year; most names are one person's, some are shared. Headers vary as in the
wild (folded, encoded words, quoted names, raw UTF-8, long Received chains), bodies take 1 to 6 KB.
"""

import base64
import random
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from itertools import accumulate
from pathlib import Path
from typing import Final

END: Final = datetime(2026, 10, 1, 12, tzinfo=UTC)
_FIRST_NAMES: Final = (
    "Anna Bruno Clara Dmitri Élodie Farid Greta Hugo Ines Jörg Katarzyna Lakshmi Mehmet Núria Olaf Priya "
    "Quentin Rosa Sanjay Tove Ursula Viktor Wanda Xavier Yasmin Zoltan Aino Bilal Chiara Diego Emre Freya"
)
_LAST_STEMS: Final = (
    "Ader Beck Carl Dahl Eber Falk Grün Hold Iver Jans Kowal Lind Mül Nor Oster Peter Ros Stein Thor Ulm "
    "Vester Wald Zimmer Çel Bro Gar Hart Lar Mar Hutch"
)
_LAST_ENDS: Final = "sen mann feld berg ström ski dóttir son wood er ey ini ez ova ham ley stad bach ier inson"
_PREFIXES: Final = "Al Bor De Fitz Gil Hal Kir Lun Mac Mor Nis Ost Ral Sil Tor Van"
_VOCABULARY: Final = (
    "lunch draft garden report visit train music paper week house river winter plan idea letter table window morning "
    "question answer story summer office market bridge school dinner photo evening travel coffee friend number"
)
FIRST: Final = _FIRST_NAMES.split()
LAST: Final = tuple(stem + end for stem in _LAST_STEMS.split() for end in _LAST_ENDS.split())
PREFIXES: Final = _PREFIXES.split()
_NAMES_ENOUGH_FOR: Final = 5000  # more people than this would share too many names; theirs are longer
_WORDS: Final = _VOCABULARY.split()


def make_mails(count: int, *, people: int = 1500, seed: int = 7) -> Iterator[tuple[datetime, bool, bytes]]:
    """Yield `count` mails, oldest first: when, whether the user sent it, and its bytes (LF line ends)."""
    rng = random.Random(seed)
    known = _Acquaintances(rng, people)
    step = timedelta(days=5 * 365) / max(1, count)
    threads: deque[list[str]] = deque(maxlen=200)  # Message-IDs of those that may still be answered
    at = END - step * count
    for number in range(count):
        at += step
        kind = rng.random()
        message_id = f"{rng.getrandbits(64):016x}.{number}@mail.example.{rng.choice(['com', 'org', 'net'])}"
        if threads and rng.random() < 0.45:
            thread = rng.choice(threads)
        else:
            threads.append(thread := [])
        if kind < 0.17:
            header = _sent(rng, known)
        elif kind < 0.62:
            header = _personal(rng, known)
        elif kind < 0.8:
            header = _from_list(rng, known)
        else:
            header = _robot(rng)
        lines = [
            *_trace(rng, at, header),
            *header,
            f"Date: {format_datetime(_zoned(rng, at))}",
            f"Message-ID: <{message_id}>",
        ]
        if thread:
            lines += [f"In-Reply-To: <{thread[-1]}>", "References: " + "\n ".join(f"<{one}>" for one in thread)]
        thread.append(message_id)
        yield at, kind < 0.17, "\n".join([*lines, *_body(rng)]).encode("utf-8")


def make_maildir(folder: Path, count: int, *, people: int = 1500, seed: int = 7) -> None:
    """Fill the Maildirs `folder`/Sent and `folder`/INBOX with `count` mails in sum."""
    for box in ("Sent", "INBOX"):
        for part in ("cur", "new", "tmp"):
            (folder / box / part).mkdir(parents=True, exist_ok=True)
    for number, (at, sent, content) in enumerate(make_mails(count, people=people, seed=seed)):
        name = (
            f"{int(at.timestamp())}.M{number % 1000000}P{1000 + number % 30000}.host.example.org,S={len(content)}:2,S"
        )
        (folder / ("Sent" if sent else "INBOX") / "cur" / name).write_bytes(content)


def make_mbox(path: Path, count: int, *, people: int = 1500, seed: int = 7) -> None:
    """Write one mbox of `count` mails, as Google Takeout does."""
    with path.open("wb") as box:
        for number, (at, sent, content) in enumerate(make_mails(count, people=people, seed=seed)):
            labels = "Sent,Opened" if sent else "Inbox,Opened"
            box.write(f"From {number}@xxx {at:%a %b %d %H:%M:%S +0000 %Y}\nX-Gmail-Labels: {labels}\n".encode())
            box.write(content.replace(b"\nFrom ", b"\n>From ") + b"\n\n")


class _Acquaintances:
    """People by number; how often one turns up falls with the number, as close ones are few and distant ones many."""

    def __init__(self, rng: random.Random, count: int) -> None:
        self._rng = rng
        self._people = [_person(rng, number) for number in range(count)]
        self._weights = list(accumulate((number + 10) ** -1.3 for number in range(count)))

    def one(self) -> str:
        """Return one of them as a header writes them."""
        return _write(self._rng, self._rng.choices(self._people, cum_weights=self._weights)[0])

    def some(self, most: int) -> str:
        """Return one to `most` different ones as a header writes them."""
        chosen = self._rng.choices(self._people, cum_weights=self._weights, k=self._rng.randint(1, most))
        return ",\n\t".join(_write(self._rng, person) for person in dict.fromkeys(chosen))


def _person(rng: random.Random, number: int) -> tuple[str, str]:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    if number >= _NAMES_ENOUGH_FOR:
        last = rng.choice(PREFIXES) + last.lower()
    plain = f"{first}.{last}".encode("ascii", "ignore").decode().lower()
    return f"{first} {last}", f"{plain}{number}@{rng.choice(['example.com', 'example.org', 'mail.example.net'])}"


def _write(rng: random.Random, person: tuple[str, str]) -> str:
    name, email = person
    style = rng.random()
    if style < 0.15:
        return email
    if not name.isascii() and style < 0.9:
        encoded = base64.b64encode(name.encode()).decode()
        return f"=?UTF-8?B?{encoded}?= <{email}>"
    if style < 0.3:
        first, _, last = name.partition(" ")
        return f'"{last}, {first}" <{email}>'
    return f'"{name}" <{email}>' if style < 0.5 else f"{name} <{email}>"


def _subject(rng: random.Random) -> str:
    words = " ".join(rng.choices(_WORDS, k=rng.randint(2, 7)))
    if rng.random() < 0.15:
        return f"=?utf-8?Q?{words.replace(' ', '_')}_=E2=80=93_caf=C3=A9?="
    return ("Re: " if rng.random() < 0.4 else "") + words


def _sent(rng: random.Random, known: _Acquaintances) -> list[str]:
    lines = ["From: Robin Park <robin@example.com>", f"To: {known.some(3)}", f"Subject: {_subject(rng)}"]
    return [*lines, f"Cc: {known.some(4)}"] if rng.random() < 0.2 else lines


def _personal(rng: random.Random, known: _Acquaintances) -> list[str]:
    lines = [
        f"From: {known.one()}",
        "To: Robin Park <robin@example.com>",
        f"Subject: {_subject(rng)}",
    ]
    return [*lines, f"Cc: {known.some(6)}"] if rng.random() < 0.3 else lines


def _from_list(rng: random.Random, known: _Acquaintances) -> list[str]:
    name = rng.choice(_WORDS)
    return [
        "Precedence: list",
        f"List-Id: Friends of {name} <{name}.lists.example.org>",
        f"List-Post: <mailto:{name}@lists.example.org>",
        f"List-Unsubscribe: <https://lists.example.org/options/{name}>,\n\t<mailto:{name}-request@lists.example.org>",
        f"From: {known.one()}",
        f"To: {name}@lists.example.org",
        f"Subject: [{name}] {_subject(rng)}",
    ]


def _robot(rng: random.Random) -> list[str]:
    shop = rng.choice(_WORDS)
    return [
        "Auto-Submitted: auto-generated",
        f"List-Unsubscribe: <https://{shop}.example.com/u/{rng.getrandbits(128):032x}>",
        f"From: {shop.title()} <no-reply@{shop}.example.com>",
        "To: robin@example.com",
        f"Subject: Your {shop} news: {_subject(rng)}",
    ]


def _trace(rng: random.Random, at: datetime, header: list[str]) -> list[str]:
    """Return what servers write on top; the user's own mail has none of it."""
    if header[0].startswith("From: Robin Park"):
        return []
    stamp = format_datetime(at + timedelta(seconds=rng.randint(1, 90)))
    lines = ["Return-Path: <bounce@example.net>", "Delivered-To: robin@example.com"]
    lines += [
        f"Received: from mx{hop}.example.net (mx{hop}.example.net [192.0.2.{rng.randint(1, 254)}])\n"
        f"\tby mail.example.com (Postfix) with ESMTPS id {rng.getrandbits(40):010X}\n"
        f"\tfor <robin@example.com>; {stamp}"
        for hop in range(rng.randint(1, 4))
    ]
    signature = base64.b64encode(rng.randbytes(190)).decode()
    lines.append(
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=2026;\n h=from:to:date; bh=\n b="
        + "\n ".join(signature[i : i + 70] for i in range(0, len(signature), 70))
    )
    lines.append("Authentication-Results: mail.example.com;\n dkim=pass header.d=example.net;\n spf=pass")
    return lines


def _zoned(rng: random.Random, at: datetime) -> datetime:
    return at.astimezone(timezone(timedelta(hours=rng.choice([-8, -5, 0, 1, 2, 5.5]))))


def _body(rng: random.Random) -> list[str]:
    text = [" ".join(rng.choices(_WORDS, k=12)) for _ in range(rng.randint(12, 60))]
    usual = ["MIME-Version: 1.0", f"X-Mailer: Mail {rng.randint(1, 9)}.0"]
    if rng.random() < 0.6:
        return [*usual, "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit", "", *text, ""]
    mark = f"=_{rng.getrandbits(80):020x}"
    half = len(text) // 2
    return [
        *usual, f'Content-Type: multipart/alternative;\n boundary="{mark}"', "",
        f"--{mark}", "Content-Type: text/plain; charset=utf-8", "", *text[:half], "",
        f"--{mark}", "Content-Type: text/html; charset=utf-8", "", *(f"<p>{line}</p>" for line in text[half:]), "",
        f"--{mark}--", "",
    ]  # fmt: skip
