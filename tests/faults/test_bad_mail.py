"""Mail folders as bad as they come: a clear word, the rest is read, nothing hangs."""

import ctypes
import os
import random
import shutil
import socket
import time
from pathlib import Path

import pytest

from connectors.files.filing import SAMPLE
from tests.faults.world import ROBIN, World, mail, maildir

_CAPBSET_DROP = 24  # prctl(2)


def obey_modes() -> None:
    """Make root, too, obey the modes of files: without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""
    if os.geteuid() == 0:
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(_CAPBSET_DROP, capability, 0, 0, 0)


def junk(size: int) -> bytes:
    return random.Random(size).randbytes(size)


FOLDED = ",\n ".join(f"P{number} <p{number}@example.net>" for number in range(50_000))
NESTED = "(" * 2000 + ")" * 2000
HEADERS = {
    "nested parentheses": f"From: {ROBIN}\nTo: {NESTED} <x@example.org>\nDate: {NESTED} Tue, 3 Nov 2026 10:00 +0000\n"
    f"References: {NESTED}\nMessage-ID: <{NESTED}@b>\nContent-Type: text/plain; {NESTED}\n",
    "50,000 recipients": f"From: {ROBIN}\nTo: {FOLDED}\nSubject: x\nDate: Tue, 3 Nov 2026 10:00:00 +0000\n",
    "50,000 fields": f"From: {ROBIN}\n" + "To: p@example.net\n" * 50_000,
    "the year 1970": f"From: {ROBIN}\nTo: x@example.org\nDate: Thu, 1 Jan 1970 00:00:00 +0000\n",
    "the year 2099": f"From: {ROBIN}\nTo: x@example.org\nDate: Thu, 1 Jan 2099 00:00:00 +0000\n",
    "the year 9999": f"From: {ROBIN}\nTo: x@example.org\nDate: Fri, 31 Dec 9999 23:59:59 -2359\n",
    "the year 0": f"From: {ROBIN}\nTo: x@example.org\nDate: Fri, 31 Dec 0000 23:59:59 +2359\n",
    "an endless number": f"From: {ROBIN}\nTo: x@example.org\nDate: Tue, {'9' * 10_000} Nov 2026 10:00:00 +99999999\n",
    "an odd zone": f"From: {ROBIN}\nTo: x@example.org\nDate: Tue, 3 Nov 2026 10:00:00 +0545\n",
    "no Date": f"From: {ROBIN}\nTo: x@example.org\nMessage-ID: <a@b>\n",
    "no Message-ID": f"From: {ROBIN}\nTo: x@example.org\nDate: Tue, 3 Nov 2026 10:00:00 +0000\n",
    "nobody": "Subject: x\n",
    "encoded words without end": f"From: {ROBIN}\nTo: {'=?utf-8?q?' * 9999} <x@b>\nSubject: {'=?x?b?' * 9999}\n",
    "charsets that are none": f"From: {ROBIN}\nSubject: =?rot13?q?abc?= =?zlib?b?AAAA?= =?unicode_escape?q?\\ud800?= "
    "=?undefined?q?x?= =?idna?q?..?=\n",
    "addresses that are none": f'From: {ROBIN}\nTo: "a\\"b@c" <x@y@z>, <@a:b@example.org>, @, <>, -@-, a\0b@b, '
    f"A <x@example.org\x1b[2J>, <\u202ebidi@example.org>, <{'l' * 5000}@example.org>, undisclosed:;\n",
    "nothing but colons": ":" * 100_000 + "\n",
    "parts without end": f"From: {ROBIN}\nTo: x@example.org\nContent-Type: multipart/report; boundary=b\n\n"
    + "--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 20_000,
}


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("kind", ["Maildir", "mbox"])
def test_a_message_with_bad_headers_is_no_obstacle_to_the_others(world: World, name: str, kind: str) -> None:
    hostile = HEADERS[name].encode("utf-8") + b"\nHello.\n"
    world.befriend("Ana Lima", account='mail = "box"' if kind == "mbox" else "")
    if kind == "mbox":
        start = b"From robin@example.com Tue Nov  3 10:00:00 2026\n"
        zoe = mail(to="Zoe Ek <zoe@example.org>")
        (world.home / "box").write_bytes(
            start + mail(to="Yan Li <yan@example.org>") + b"\n" + start + hostile + b"\n" + start + zoe
        )
    else:
        world.put(hostile, mail(to="Zoe Ek <zoe@example.org>"))

    world.run("sync")
    people = world.people()

    assert people["ana@example.org"]["last_contact"]["at"] == "2026-05-08T10:00:00Z"
    assert people["zoe@example.org"]["last_contact"]["kind"] == "sent"
    for command in (["people", "--all"], ["why", "robin@example.com"], ["once"], ["check"]):
        world.run(*command)


def test_no_contact_is_dated_in_the_future_or_before_mail(world: World) -> None:
    """rules.md, "What counts as contact", 4: its moment is not later than now."""
    for year in ("1970", "2099", "9999", "0"):
        world.put(HEADERS[f"the year {year}"].encode() + b"\nHello.\n")
    world.run("sync")
    assert [one["last_contact"] for one in world.people().values()] == [None]


def test_what_is_no_file_in_a_maildir_never_hangs_the_read(world: World) -> None:
    world.befriend("Ana Lima")
    os.mkfifo(world.sent / "pipe:2,S")
    (world.sent / "folder:2,S").mkdir()
    for name, target in {"zero": "/dev/zero", "terminal": "/dev/tty", "nowhere": "nowhere", "self": "self"}.items():
        (world.sent / name).symlink_to(target)
    with socket.socket(socket.AF_UNIX) as endpoint:
        here = Path.cwd()
        os.chdir(world.sent)  # the name of a socket is at most some 100 bytes long
        endpoint.bind("socket")
        os.chdir(here)
        for command in ("sync", "once", "check"):
            world.run(command)
    assert world.people()["ana@example.org"]["last_contact"]


def test_what_is_no_mail_folder_is_named_and_the_rest_is_read(world: World) -> None:
    os.mkfifo(world.home / "pipe")
    (world.home / "junk").write_bytes(junk(100_000))
    (world.home / "zeros").write_bytes(bytes(100_000))
    (world.home / "loop").symlink_to("loop")
    bad = ["pipe", "/dev/zero", "junk", "zeros", "config.toml", "nowhere", "loop"]
    world.befriend("Ana Lima", account=f"mail = {bad}\ncalendar = {bad}")

    told = world.run("sync", code=69).err
    assert "3 new mails" in told
    status = world.run("status", "--json", code=1).json["accounts"][0]
    assert status["health"] == "unavailable"
    checked = {one["name"]: one["result"] for one in world.run("check", "--json", code=1).json}
    for name in bad:
        path = name if name.startswith("/") else str(world.home / name)
        assert checked[f"archive: mail {path}"] == "fail", name
        assert checked[f"archive: calendar {path}"] == "fail", name


def test_no_draft_is_written_by_itself_while_a_folder_cannot_be_read(friends: World) -> None:
    """rules.md, "When is someone due": any enabled account could not be read this round."""
    shutil.rmtree(friends.home / "inbox")
    assert "inbox" in friends.run("sync", code=69).err
    friends.run("once", code=69)
    assert not friends.messages()
    assert set(friends.people()) == {"ana@example.org", "bo@example.org"}


def test_names_no_one_would_choose_are_read_and_shown_harmlessly(world: World) -> None:
    world.befriend("Ana Lima", account='mail = "all"')
    names = [b"a\nb:2,S", b"\xff\xfe\x80:2,S", b"x\x1b[31m:2,S", b" ", "é\u202e:2,S".encode()]
    odd = maildir(world.home / "all" / os.fsdecode(b"in\xffbox\x1b[31m\n"))
    for place, folder in enumerate((world.sent, odd)):
        for number, name in enumerate(names):
            message = mail(to="Zoe <zoe@example.org>", days=number, key=f"{place}.{number}@b")
            for file, content in ((name, message), (b"junk" + name, junk(500))):
                Path(os.fsdecode(os.fsencode(folder) + b"/" + file)).write_bytes(content)
    Path(os.fsdecode(os.fsencode(world.home / "all") + b"/\xff\x1b[2J\n")).write_bytes(junk(500))

    assert "13 new mails" in world.run("sync").err
    for command in (["check"], ["check", "--json"], ["status", "--json"], ["people", "--json"], ["once"]):
        world.run(*command, code=(0, 1))
    assert "nothing new" in world.run("sync").err
    assert world.people()["zoe@example.org"]["contact_days"] == len(names)


def test_links_in_a_circle_and_folders_without_end_are_left(world: World) -> None:
    place = world.home / "all"
    maildir(place / "box")
    world.put(mail(to="Zoe Ek <zoe@example.org>"), folder=place / "box" / "cur")
    (place / "self").symlink_to(".")
    (place / "a").symlink_to("b")
    (place / "b").symlink_to("a")
    (place / "box" / ".up").symlink_to("..")
    (place / "box" / "cur" / "up").symlink_to("../..")
    place.joinpath(*["d"] * 200).mkdir(parents=True)
    world.befriend("Ana Lima", account='mail = "all"\ncalendar = "all"')
    world.run("sync")
    world.run("check")
    assert {"ana@example.org", "zoe@example.org"} <= set(world.people())


def test_a_file_that_may_not_be_read_is_named_and_read_once_it_may(world: World) -> None:
    world.befriend("Ana Lima")
    world.put(mail(to="Zoe Ek <zoe@example.org>"))
    locked = max(world.sent.iterdir())
    locked.chmod(0)
    told = world.spawn("sync", before=obey_modes)
    assert locked.name in told.err
    assert "ermission denied" in told.err
    locked.chmod(0o600)
    assert "1 new mail" in world.run("sync").err
    assert "zoe@example.org" in world.people()


def test_a_folder_that_may_not_be_read_is_named_and_its_facts_stay(friends: World) -> None:
    friends.sent.chmod(0)
    try:
        told = friends.spawn("sync", before=obey_modes, code=69).err
        checked = friends.spawn("check", before=obey_modes, code=1).out
    finally:
        friends.sent.chmod(0o700)
    assert str(friends.home / "sent") in told
    assert "cannot be read" in checked
    assert friends.people()["ana@example.org"]["last_contact"]["kind"] == "sent"
    assert "nothing new" in friends.run("sync").err


BOX_START = b"From robin@example.com Tue Nov  3 10:00:00 2026\n"


def box(count: int) -> bytes:
    return b"\n".join(BOX_START + mail(to=f"P{one} Ek <p{one}@example.org>", days=one + 1) for one in range(count))


def test_a_box_cut_anywhere_gives_what_stands_before_the_cut_and_no_half_address(world: World) -> None:
    world.configure(account='mail = "box"')
    whole = box(3)
    seen = []
    for cut in range(1, len(whole), 97):
        (world.home / "box").write_bytes(whole[:cut])
        world.run("sync", code=(0, 69))  # five bytes do not look like a box yet
        seen.append(len(world.people()))
    assert seen == sorted(seen)
    (world.home / "box").write_bytes(whole)
    world.run("sync")
    assert set(world.people()) == {f"p{one}@example.org" for one in range(3)}


def test_a_box_that_shrinks_or_is_another_one_loses_no_contact(world: World) -> None:
    """rules.md, "What counts as contact": deleting a mail later does not undo the contact."""
    world.configure(account='mail = "box"')
    (world.home / "box").write_bytes(box(20))
    world.run("sync")
    for content in (box(5), b"", box(5) + junk(5000), box(2) + b"\n" + box(30)[len(box(20)) + 1 :]):
        (world.home / "box").write_bytes(content)
        world.run("sync")
        assert {f"p{one}@example.org" for one in range(20)} <= set(world.people())
    assert "p29@example.org" in world.people()


def test_a_folder_that_vanishes_while_it_is_read_is_told_and_nothing_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put(*(mail(to=f"P{one} Ek <p{one}@example.org>", days=one + 1) for one in range(900)))
    genuine = os.open
    left = [850 + SAMPLE]  # before it is read, some of the folder is looked at

    def vanishing(path: str, *rest: int, **more: int) -> int:
        if "m" in str(path) and f"{world.sent}/" in str(path):
            left[0] -= 1
            if not left[0]:
                shutil.rmtree(world.home / "sent")
        return genuine(path, *rest, **more)

    monkeypatch.setattr(os, "open", vanishing)
    world.run("sync", code=(0, 69))
    monkeypatch.undo()
    assert len(world.people()) == 849
    assert "does not exist" in world.run("sync", code=69).err
    assert len(world.people()) == 849


def test_binary_junk_in_a_maildir_is_counted_and_named(world: World) -> None:
    world.befriend("Ana Lima")
    for number, content in enumerate(
        [junk(100_000), bytes(100_000), b"", b"\n" * 50_000, b"From: " + b"a" * 5_000_000]
    ):
        (world.sent / f"junk{number}:2,S").write_bytes(content)
    told = world.run("sync").err
    assert "3 new mails" in told
    assert "no mail message" in told


def test_many_thousand_empty_files_take_seconds(world: World) -> None:
    for number in range(20_000):
        (world.sent / f"e{number}:2,S").touch()
    world.befriend("Ana Lima")
    start = time.process_time()
    told = world.run("sync").err
    again = world.run("sync").err
    assert time.process_time() - start < 8
    assert "3 new mails" in told
    assert len(told.splitlines()) < 40, "each is named only up to a point"
    assert "nothing new" in again
