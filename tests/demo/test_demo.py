"""`auld demo` as a user types it: the real program over the sample mailbox, against the truths of the cast."""

import json
import mailbox
import subprocess
import sys
from datetime import datetime
from email.header import decode_header, make_header
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from daemon.demo.cast import CAST, Fate, expect_due, expect_held, named
from daemon.demo.times import next_morning

NOWS = [
    "2026-07-15T13:00:00Z",
    "2026-12-27T12:00:00Z",  # a Sunday, in the days of new year's greetings
    "2027-01-01T06:00:00Z",
    "2027-03-27T23:30:00Z",  # the night in which summer time begins
    "2028-02-29T08:30:00Z",
]


def auld(*words: str) -> subprocess.CompletedProcess[str]:
    program = "from daemon.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture(scope="module", params=NOWS)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Return the folder of a demo that was played, its clock, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "kept"
    result = auld("demo", "--now", request.param, "--keep", str(folder))
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    clock = next_morning(datetime.fromisoformat(request.param)).isoformat()
    return folder, clock, result.stdout


@cache
def people(folder: Path, clock: str) -> dict[str, dict[str, Any]]:
    result = auld("people", "--all", "--json", "--now", clock, "--config", str(folder / "config.toml"))
    assert result.returncode == 0, result.stderr
    return {person["name"]: person for person in json.loads(result.stdout)}


def test_the_rules_find_what_the_cast_says(played: tuple[Path, str, str]) -> None:
    folder, clock, _ = played
    found = people(folder, clock)

    for name in expect_due:
        assert found[name]["due"], name
        assert found[name]["state"] == "drafted" or found[name]["hold"] is None, name
    for name, rule in expect_held.items():
        assert found[name]["due"] or rule == "muted", f"{name}: {rule}"
        assert found[name]["hold"], f"{name}: {rule}"
        assert found[name]["state"] != "drafted", f"{name}: {rule}"
    for who in CAST:
        if who.fate is Fate.NOT_YET:
            assert not found[who.name]["due"], who.because
        if who.fate is Fate.QUIET:
            assert found[who.name]["state"] == "quiet", who.because


def test_several_addresses_are_one_person(played: tuple[Path, str, str]) -> None:
    """rules.md, "One person, several addresses": rules A, B and D."""
    folder, clock, _ = played
    found = people(folder, clock)

    assert {"praman@example.org", "priyaraman@example.net", "priya.raman@example.com"} <= set(
        found["Priya Raman"]["emails"]
    )
    assert "lakshmi@old-job.example" in found["Lakshmi Hutchinson"]["emails"]
    assert not [person for person in found.values() if "robin.park@old-job.example" in person["emails"]]


def test_nobody_outside_the_stories_is_due(played: tuple[Path, str, str]) -> None:
    folder, clock, _ = played
    due = {name for name, person in people(folder, clock).items() if person["due"] and person["state"] != "quiet"}

    assert due | set(expect_held) == {*expect_due, *expect_held}


def test_it_leaves_at_least_three_drafts_to_people_who_are_due(played: tuple[Path, str, str]) -> None:
    folder, _, printed = played
    drafts = list(mailbox.Maildir(folder / "Mail" / "Drafts", create=False))
    by_email = {address.email: who.name for who in CAST for address, _ in who.mailboxes}
    written_to = [by_email[parseaddr(str(draft["To"]))[1]] for draft in drafts]

    assert 3 <= len(drafts) <= 5
    assert len(set(written_to)) == len(written_to)
    assert set(written_to) <= {*expect_due, "田中 春翔"}  # whose birthday it is
    assert all(str(make_header(decode_header(draft["Subject"]))) in printed for draft in drafts)
    assert all("robin@example.com" in str(draft["From"]) for draft in drafts)
    assert {name for name in expect_due if named(name).listed} < set(written_to)
    records = json.loads(auld("drafts", "--json", "--config", str(folder / "config.toml")).stdout)
    assert len({record["occasion"] for record in records}) >= 3
    assert "Guten Tag Greta Lindqvist," in printed
