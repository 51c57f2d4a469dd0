"""`learn_greetings` at Gmail: a wider permission, and of what it shows the salutation word of sent mail alone."""

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from connectors.types import Mail
from tests.cli.archive import ANA, listed
from tests.cli.archive import ROBIN as MINE
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import ANNA, INBOX, ROBIN, SENT, letter
from tests.connectors.gmail.town import Town, town
from tests.google.client import READONLY, SCOPES

WIDER = (READONLY, *SCOPES[1:])
LEARN = "[writing]\nlearn_greetings = true\n"


def lay(home: Home) -> None:
    """Lay a mail from Robin to Anna down, in a thread with her answer."""
    for raw, labels in (
        (letter(1, 10, sender=ROBIN, to=ANNA), SENT),
        (letter(2, 9, answers=1), INBOX),
        (letter(3, 8, sender=ROBIN, to=f"{ANNA}, Bo <bo@example.org>"), SENT),
    ):
        home.google.mailbox.deliver(raw.replace(b"\r\n\r\nHello", b"\r\n\r\nDearest Anna, don&#39;t"), labels)


def read(home: Home) -> dict[str, str]:
    mails: list[Mail] = [mail for batch in home.read() for mail in batch.items]
    return {mail.message_id.partition("@")[0]: mail.salutation for mail in mails}


def fields_asked(home: Home) -> str:
    return " ".join(str(call.query.get("fields", "")) for call in home.google.log if "get" in call.method)


def test_it_is_the_word_of_sent_mail_to_one_person(home: Home) -> None:
    lay(home)
    home.sign_in(WIDER)
    home.host = replace(home.host, greetings=True)
    assert read(home) == {"m1": "Dearest", "m2": "", "m3": ""}


def test_unless_it_is_wished_no_beginning_is_asked_for(home: Home) -> None:
    lay(home)
    home.sign_in(WIDER)
    assert set(read(home).values()) == {""}
    assert "snippet" not in fields_asked(home)


def test_with_the_narrow_permission_mail_is_read_and_no_word_learned(home: Home) -> None:
    lay(home)
    home.host = replace(home.host, greetings=True)
    assert set(read(home).values()) == {""}
    (lacking,) = [one for one in home.account().check() if one.result == "fail"]
    assert (lacking.name, lacking.detail) == ("sign-in", "it lacks the permission gmail.readonly")
    assert lacking.fix == "auld login home"


def test_who_gave_the_wide_permission_need_not_give_the_narrow_one(home: Home) -> None:
    home.sign_in(WIDER)
    assert [one for one in home.account().check() if one.result == "fail"] == []


@pytest.mark.parametrize("scopes", [WIDER, SCOPES])
def test_a_draft_begins_as_the_user_does(tmp_path: Path, scopes: tuple[str, ...]) -> None:
    with town(tmp_path) as place:
        place.configure(LEARN + listed("Ana Lima"))
        place.sign_in(scopes)
        place.friend()
        place.mail(MINE, ANA, 150, ("SENT",), "The sea", body="Hello Ana,\r\nall is well.")
        place.run("sync")
        place.later(days=1)
        place.run("once")
        body = _text(place)
    assert body.startswith("Hello Ana," if scopes is WIDER else "Hi Ana,")


def test_what_was_read_with_the_narrow_permission_is_read_anew_with_the_wide_one(tmp_path: Path) -> None:
    with town(tmp_path) as place:
        place.configure(LEARN + listed("Ana Lima"))
        place.mail(MINE, ANA, 150, ("SENT",), "The sea", body="Hello Ana,\r\nall is well.")
        place.run("sync")
        place.sign_in(WIDER)
        place.later(days=1)
        place.run("once")
        assert _text(place).startswith("Hello Ana,")
        place.google.log.clear()
        place.run("once")
        assert [call.method for call in place.google.log if "messages.get" in call.method] == []


def _text(place: Town) -> str:
    source = message_from_bytes(place.google.mailbox.draft(place.draft).source, policy=policy.default)
    return str(source.get_content())
