"""Makes the folder of a version: `python -m tests.upgrades.make 0.1`. It lives through some weeks with real commands.

Three accounts, one of each kind, with their cursors; a draft in each status; decisions, notes, contacts, merges and
splits by hand, somebody forgotten; and at last a read that is killed, so that a journal lies there too.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from daemon.model import Status
from daemon.state import State
from daemon.store.disk import make_folder
from tests.cli.archive import MAIN_ACCOUNT, Home, after, listed
from tests.connectors.outlook.place import Place, opened

HERE: Final = Path(__file__).parent
PEOPLE: Final = ("Ana Lima", "Bo Berg", "Cem Demir", "Dora Nagy", "Emil Roth", "Fia Lund")
CONFIG: Final = f"""\
state = "state"

[me]
name = "Robin Park"
emails = ["robin@example.com"]
timezone = "Europe/Amsterdam"

[[accounts]]
name = "work"
kind = "outlook"
client_id = "00000000-0000-4000-8000-000000000001"
authority = "https://127.0.0.1:9"
api_url = "http://127.0.0.1:9"

[[accounts]]
name = "home"
kind = "gmail"
client_secret = "client_secret.json"
api_url = "http://127.0.0.1:9"

{MAIN_ACCOUNT}
[rhythm]
open = 20

{listed(*PEOPLE)}"""
"""The config that is kept: that of the life below, but for where the web accounts are."""
KEPT: Final = {
    "people": {"name", "emails", "last_contact", "contact_days", "first_contact", "state", "circle"},
    "drafts": {"key", "person", "to", "account", "occasion", "subject", "status", "created_at", "changed_at"},
    "notes": None,
    "status": {"last_round", "open_drafts"},
}
"""Which keys of what is told a later version must tell alike; None: all."""


class _Killed(BaseException):
    pass


def live(place: Place, home: Home) -> None:
    """Let some weeks pass over a home."""
    place.friend("Work Friend <wanda@example.net>")
    for days in (300, 250, 200):
        place.google_mail("Gus Home <gus@example.net>", "robin@example.net", days + 1, f"Letter {days}")
        place.google_mail("robin@example.net", "Gus Home <gus@example.net>", days, f"Re: Letter {days}")
    for name in PEOPLE:
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>")
    for email in ("mia@example.org", "m.stone@example.net", "leave@example.org"):
        home.friend(f"{email.split('@')[0].title()} <{email}>", silent=90)
    for email in ("uwe.klein@example.org", "uk@example.net"):
        home.friend(f"Uwe Klein <{email}>", silent=120)
    home.meet("Ana Lima <ana@example.org>", after(days=-30), title="Lunch by the sea")
    home.meet("Bo Berg <bo@example.org>", after(days=90), title="Dinner")
    place.run("sync")
    place.run("people", "--merge", "mia@example.org", "m.stone@example.net")
    place.run("people", "--split", "uwe.klein@example.org", "uk@example.net")
    place.run("forget", "leave@example.org", "--yes")
    place.run("note", "fia", "Her book came out in May.")
    place.run("note", "gus", "I moved house.", "--news")
    place.run("met", "wanda", "2026-11-20", "coffee")
    place.run("snooze", "gus", "3 months")
    place.run("mute", "uk@example.net")
    for name in PEOPLE[1:]:
        place.run("draft", name)
    place.later(minutes=20)
    drafts = {one.to: one for one in home.lying()}
    home.rewrite(drafts["bo@example.org"], place.graph.clock.now())
    home.send(drafts["cem@example.org"], place.graph.clock.now())
    drafts["dora@example.org"].path.unlink()
    place.run("drafts", "--withdraw", drafts["emil@example.org"].key)
    for _ in range(3):
        place.later(minutes=20)
        place.run("once")
    place.run("pause", "2027-02-01")


def _plan_one(place: Place) -> None:
    """Leave a draft that was planned and not made, as a kill between the two does."""
    with State.open(place.state, write=True, clock=place.graph.clock.now) as state, state.commit() as change:
        one = next(one for one in state.drafts if one.status is Status.OPEN)
        planned = replace(
            one, key="planned@example.com", person="Ana Lima", emails=("ana@example.org",), email="ana@example.org",
            status=Status.PLANNED, ref_id="", ref_key="", revision="", seen_at=None,
        )  # fmt: skip
        state.put_draft(change, planned)


def _copy_at_a_kill(place: Place, home: Home, to: Path) -> None:
    """Copy the state in the midst of a read, when what is new lies in the journal."""

    @contextmanager
    def progress() -> Iterator[Any]:
        def tell(account: str, part: str, done: int, _: int) -> None:
            if (account, part) == ("archive", "mail") and done:
                shutil.copytree(place.state, to, ignore=shutil.ignore_patterns("lock", "*.lock", "secrets", "*.?.json"))
                raise _Killed

        yield tell

    home.wrote("Ana Lima <ana@example.org>", place.graph.clock.now())
    with patch("daemon.cli.reading.progress_shown", progress):
        try:
            place.run("sync", "archive")
        except _Killed:
            return
    raise AssertionError("nothing was read")


def told(ask: Any) -> dict[str, Any]:
    """Return what a version tells of its state, as far as a later one must tell it alike."""
    answers = {
        "people": ask("people", "--all"),
        "drafts": ask("drafts"),
        "notes": ask("note", "--list"),
        "status": ask("status", code=(0, 1)),
    }
    return {name: _part(answer, KEPT[name]) for name, answer in answers.items()}


def _part(answer: Any, keys: set[str] | None) -> Any:
    if isinstance(answer, list):
        return [_part(one, keys) for one in answer]
    return {key: value for key, value in answer.items() if keys is None or key in keys}


def main(version: str) -> None:
    """Make the folder of `version`."""
    folder = HERE / version
    if folder.exists():
        sys.exit(f"{folder} is there already, and is never changed")
    with tempfile.TemporaryDirectory() as name, opened(Path(name), google=True) as place:
        home = Home(place.path).build()
        place.configure(f"{MAIN_ACCOUNT}\n[rhythm]\nopen = 20\n{listed(*PEOPLE)}")
        named = place.config.read_text(encoding="utf-8").replace("[me]", '[me]\nemails = ["robin@example.com"]')
        place.config.write_text(named, encoding="utf-8")
        live(place, home)
        _plan_one(place)
        make_folder(folder)
        _copy_at_a_kill(place, home, folder / "state")
        expected = told(lambda *words, **how: place.ask("--state", str(folder / "state"), *words, **how))
        now = place.graph.clock.now().isoformat()
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "expected.json").write_text(
        json.dumps({"now": now, **expected}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main(sys.argv[1])
