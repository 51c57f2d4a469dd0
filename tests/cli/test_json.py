"""The JSON of the interface, literally: every key present, every value of its type, times in UTC with Z."""

import re
from typing import Any, Final

import pytest

from tests.cli.archive import ANA, BELA, NOW, Home, after, before, listed

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


class _Time(str):
    """Stands for an ISO 8601 time in UTC with Z."""

    __slots__ = ()


_NUMBER = (int, float)
_CONTACT: Final = {"at": _Time, "kind": ("sent", "received", "meeting", "met"), "account": str, "email": str,
                   "title": [str, None]}  # fmt: skip
_PERSON: Final = {
    "name": str, "emails": list, "last_contact": [_CONTACT, None], "contact_days": int, "first_contact": [_Time, None],
    "rhythm_days": [_NUMBER, None], "overdue_probability": [_NUMBER, None], "next_meeting": [_Time, None],
    "circle": [str, None], "due": bool, "due_at": [_Time, None],
    "state": ("suggested", "listed", "quiet", "muted", "snoozed", "drafted"), "hold": [str, None],
}  # fmt: skip
_DUE: Final = {"name": str, "emails": list, "last_contact": [_CONTACT, None], "due_at": [_Time, None], "reason": str,
               "occasion": str, "account": str}  # fmt: skip
_DRAFT: Final = {"key": str, "person": str, "to": str, "account": str, "occasion": str, "language": str, "subject": str,
                 "body": str, "in_reply_to": [str, None]}  # fmt: skip
_KEPT: Final = {"key": str, "person": str, "to": str, "account": str, "occasion": str, "subject": str,
                "status": ("planned", "open", "edited", "sent", "deleted", "withdrawn"), "created_at": _Time,
                "changed_at": _Time}  # fmt: skip
_COUNTED: Final = {**_CONTACT, "people": int}
_NOT_COUNTED: Final = {"at": _Time, "kind": ("sent", "received", "meeting", "met"), "account": str, "rule": str,
                       "title": [str, None]}  # fmt: skip
_ACCOUNT: Final = {"name": str, "kind": str, "health": ("ok", "needs-login", "unavailable", "refused"), "detail": str,
                   "synced_at": [_Time, None], "backfill": [{"done": int, "total": int}, None]}  # fmt: skip
_STATUS: Final = {
    "healthy": bool, "last_round": [_Time, None], "next_round": [_Time, None], "accounts": list, "open_drafts": int,
    "month": {"goal": int, "written": int, "sent": int, "reached": int},
}  # fmt: skip
_FINDING: Final = {"name": str, "result": ("ok", "warn", "fail"), "detail": str, "fix": str}


def _fits(value: Any, shape: Any) -> bool:
    """Say whether a value has its shape: a type, texts to choose from, keys with shapes, or a list of either shapes."""
    if isinstance(shape, list):
        return any(_fits(value, one) for one in shape)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(key in value and _fits(value[key], one) for key, one in shape.items())
    if isinstance(shape, tuple) and isinstance(shape[0], str):
        return value in shape
    if shape is _Time:
        return isinstance(value, str) and _TIME.fullmatch(value) is not None
    wanted = type(None) if shape is None else shape
    return isinstance(value, wanted) and isinstance(value, bool) is (shape is bool)


def _texts(value: Any) -> list[str]:
    """Return every text in a document that looks like a time."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) and _ISO.match(value) else []


@pytest.fixture
def town(home: Home) -> Home:
    """A home with a person of every sort: listed, suggested, quiet, met, muted, with and without contact."""
    home.friend("ANA Lima <Ana@Example.ORG>", silent=200)
    home.friend(BELA, silent=300)
    home.friend("Carl Weber <carl@example.net>", silent=350)
    home.wrote("Dora Novak <DORA@example.net>", 5)
    home.got("Dora Novak <DORA@example.net>", 4, more="List-Id: <l.example.net>\n")
    home.meet(ANA, before(30))
    home.meet(ANA, after(days=40))
    home.configure(
        listed("Ana Lima", "Emil Braun")
        + '[[circles]]\nname = "friends"\nevery = "1 month"\n[[people]]\nemails = ["fred@example.net"]\n'
        'circle = "friends"\n'
    )
    home.run("once")
    home.run("met", "fred@example.net", "3 days ago", "a call")
    home.run("mute", "carl@example.net")
    return home


def test_people_have_every_key_in_its_type(town: Home) -> None:
    everybody = town.ask("people", "--all")
    assert {one["name"] for one in everybody} >= {"Ana Lima", "Bela Kovacs", "Carl Weber", "Dora Novak", "Emil Braun"}
    for one in everybody:
        assert _fits(one, _PERSON), one
        assert all(email == email.lower() for email in one["emails"])
    by_name = {one["name"]: one for one in everybody}
    assert by_name["Ana Lima"]["last_contact"]["kind"] == "meeting"
    assert by_name["Ana Lima"]["next_meeting"] == "2027-01-03T10:00:00Z"
    assert by_name["Ana Lima"]["emails"] == ["ana@example.org"]
    assert by_name["Bela Kovacs"]["state"] == "suggested"
    assert by_name["Carl Weber"]["state"] == "muted"
    assert by_name["Dora Novak"]["state"] == "quiet"
    assert by_name["Emil Braun"]["last_contact"] is None
    assert by_name["Emil Braun"]["due"] is True
    fred = next(one for one in everybody if one["emails"] == ["fred@example.net"])
    assert fred["circle"] == "friends"
    assert fred["last_contact"]["kind"] == "met"
    assert fred["last_contact"]["at"] == "2026-11-21T10:00:00Z"


def test_people_come_listed_then_suggested_then_quiet_and_newest_contact_first(town: Home) -> None:
    """Interface: in order listed, suggested, quiet; within these newest last contact first, then name."""
    town.run("unmute", "carl@example.net")
    everybody = town.ask("people", "--all")
    shelves = ["listed", "suggested", "quiet"]
    places = [shelves.index(one["state"]) for one in everybody]
    assert places == sorted(places)
    for shelf in shelves:
        rows = [one for one in everybody if one["state"] == shelf]
        moments = [(one["last_contact"] or {}).get("at", "") for one in rows]
        assert moments == sorted(moments, reverse=True)
    assert [one["name"] for one in everybody if one["state"] == "suggested"] == ["Bela Kovacs", "Carl Weber"]
    assert [one["state"] for one in town.ask("people")].count("quiet") == 0


def test_a_word_narrows_people_to_part_of_a_name_or_an_address(town: Home) -> None:
    assert [one["name"] for one in town.ask("people", "LIM")] == ["Ana Lima"]
    assert [one["name"] for one in town.ask("people", "bela@")] == ["Bela Kovacs"]
    assert town.ask("people", "dora") == []
    assert [one["name"] for one in town.ask("people", "--all", "dora")] == ["Dora Novak"]


def test_due_has_every_key_in_its_type(town: Home) -> None:
    found = town.ask("due")
    assert found
    for one in found:
        assert _fits(one, _DUE), one
        assert one["account"] == "archive"
        assert one["occasion"] == "catch-up"


def test_drafts_have_every_key_in_their_types(town: Home) -> None:
    dry = town.ask("draft", "--dry-run")
    written = town.ask("draft")
    kept = town.ask("drafts")
    assert len(dry) == len(written) == len(kept) > 0
    for one in (*dry, *written):
        assert _fits(one, _DRAFT), one
        assert one["language"] == "en"
    for one in kept:
        assert _fits(one, _KEPT), one
    assert {one["key"] for one in written} == {one["key"] for one in kept}


def test_what_changes_something_tells_how_it_is_then(town: Home) -> None:
    town.run("draft")
    told = town.ask("drafts", "--withdraw", "--all")
    assert told == town.ask("drafts")
    assert {one["status"] for one in told} == {"withdrawn"}
    (merged,) = town.ask("people", "--merge", "ana@example.org", "bela")
    assert len(merged["emails"]) == 2
    (ana,) = town.ask("people", "--split", "ana@example.org", merged["emails"][1])
    assert ana["emails"] == ["ana@example.org"]


def test_why_has_every_key_in_its_type_newest_first(town: Home) -> None:
    town.got("Ana Lima <ana@example.org>", 10, more="Auto-Submitted: auto-replied\n")
    town.got("Ana Lima <ana@example.org>", 8, to="list@example.net")
    town.run("sync")
    why = town.ask("why", "ana")
    for key in ("person", "counted", "not_counted", "rule", "due_at", "hold"):
        assert key in why
    for name, shape in (("counted", _COUNTED), ("not_counted", _NOT_COUNTED)):
        assert len(why[name]) >= 2
        for one in why[name]:
            assert _fits(one, shape), one
        moments = [one["at"] for one in why[name]]
        assert moments == sorted(moments, reverse=True)
    assert _fits(why["due_at"], [_Time, None])
    assert isinstance(why["rule"], str)
    assert _fits(why["person"], _PERSON)
    assert [one["title"] is not None for one in why["counted"]] == [True] * 5 + [False] * (len(why["counted"]) - 5)


def test_why_gives_at_most_limit_of_each(town: Home) -> None:
    assert len(town.ask("why", "ana")["counted"]) == 7
    cut = town.ask("why", "ana", "--limit", "2")
    assert len(cut["counted"]) == 2
    assert cut["counted"] == town.ask("why", "ana")["counted"][:2]


def test_why_of_an_address_without_a_person_has_the_same_keys(town: Home) -> None:
    town.got("No Reply <no-reply@example.net>", 3)
    town.run("sync")
    for email in ("no-reply@example.net", "robin@example.com"):
        why = town.ask("why", email)
        assert {"person", "counted", "not_counted", "rule", "due_at", "hold"} <= set(why)
        assert _fits(why["person"], _PERSON), why["person"]
        assert why["counted"] == []
        for one in why["not_counted"]:
            assert _fits(one, _NOT_COUNTED), one


def test_status_has_every_key_in_its_type(town: Home) -> None:
    status = town.ask("status")
    assert _fits(status, _STATUS)
    [account] = status["accounts"]
    assert _fits(account, _ACCOUNT)
    assert (account["name"], account["kind"], account["health"]) == ("archive", "files", "ok")
    assert status["healthy"] is True
    assert status["last_round"] == account["synced_at"] == "2026-11-24T10:00:00Z"
    assert status["next_round"] == "2026-11-24T10:15:00Z"
    assert status["month"]["goal"] == 8
    assert status["month"]["reached"] == 2, "Dora by mail, Fred by hand"


def test_status_counts_the_month(town: Home) -> None:
    written = len(town.ask("draft"))
    status = town.ask("status")
    assert status["open_drafts"] == written
    assert status["month"]["written"] == written
    sent = next(one for one in town.lying() if one.to == "bela@example.net")
    town.send(sent, after(minutes=5))
    town.run("once", now=after(minutes=10))
    status = town.ask("status", now=after(minutes=10))
    assert status["open_drafts"] == written - 1
    assert status["month"]["sent"] == 1
    assert status["month"]["reached"] == 3


def test_status_of_a_new_home_has_every_key_too(home: Home) -> None:
    status = home.ask("status")
    assert _fits(status, _STATUS)
    assert _fits(status["accounts"][0], _ACCOUNT)
    assert status["last_round"] is None


def test_check_has_every_key_in_its_type(town: Home) -> None:
    findings = town.ask("check")
    assert len(findings) > 5
    for one in findings:
        assert _fits(one, _FINDING), one


def test_every_time_in_every_document_is_utc_with_z(town: Home) -> None:
    """Interface: times are ISO 8601 in UTC with `Z`; also where the user's zone is another."""
    town.run("draft")
    town.run("note", "ana", "Her book is out.")
    for words in (
        ["people", "--all"], ["due"], ["drafts"], ["why", "ana"], ["status"], ["note", "--list"],
    ):  # fmt: skip
        for text in _texts(town.ask(*words)):
            assert _TIME.fullmatch(text), (words, text)
    for text in _texts(town.run("export", "--format", "json").json):
        assert _TIME.fullmatch(text)


def test_due_at_is_the_local_midnight_told_in_utc(home: Home) -> None:
    home.friend(silent=31.5)
    home.configure(listed("Ana Lima", every="1 month"))
    home.run("sync")
    person = home.person("ana@example.org")
    assert person["last_contact"]["at"] == "2026-10-23T22:00:00Z"
    assert person["due_at"].endswith("Z")
    assert person["due"] is (person["due_at"] <= f"{NOW:%Y-%m-%dT%H:%M:%SZ}")


def test_nothing_known_is_an_empty_list_and_never_a_word(home: Home) -> None:
    for words in (["people"], ["people", "--all"], ["due"], ["draft"], ["draft", "--dry-run"], ["drafts"]):
        assert home.ask(*words) == []
    assert home.run("export", "--format", "json").json == []
