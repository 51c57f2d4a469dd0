"""`learn_greetings` at Outlook: the beginnings of what lies in Sent are asked for, and the salutation word is told."""

from dataclasses import replace

from connectors.types import Mail
from tests.connectors.outlook.home import Home

ANNA = "Anna Adler <anna@example.org>"


def lay(home: Home) -> None:
    box, body = home.graph.mailbox, "Dearest Anna,\r\n\r\nthe secret of the sea."
    box.deliver("robin@example.com", [ANNA], message_id="<m1@example.com>", body=body, folder="sentitems")
    box.deliver(
        "robin@example.com", [ANNA, "bo@example.org"], message_id="<m2@example.com>", body=body, folder="sentitems"
    )
    box.deliver(ANNA, ["robin@example.com"], message_id="<m3@example.com>", body=body)


def read(home: Home) -> dict[str, str]:
    mails: list[Mail] = [mail for batch in home.read() for mail in batch.items]
    return {mail.message_id.partition("@")[0]: mail.salutation for mail in mails}


def asked(home: Home) -> list[str]:
    """Return the methods of the calls that asked for the beginning of a text."""
    return [call.method for call in home.graph.log if "bodyPreview" in str(call.query)]


def test_it_is_the_word_of_sent_mail_to_one_person(home: Home) -> None:
    lay(home)
    home.host = replace(home.host, greetings=True)
    assert read(home) == {"m1": "Dearest", "m2": "", "m3": ""}
    assert len(asked(home)) == 1, "of what was received no beginning is asked for"


def test_unless_it_is_wished_no_beginning_is_asked_for(home: Home) -> None:
    lay(home)
    assert set(read(home).values()) == {""}
    assert asked(home) == []


def test_when_it_is_not_wished_any_more_the_beginnings_come_no_more(home: Home) -> None:
    lay(home)
    home.host = replace(home.host, greetings=True)
    cursor = home.read()[-1].cursor
    home.host = replace(home.host, greetings=False)
    home.graph.log.clear()
    cursor = home.read(cursor)[-1].cursor
    home.graph.mailbox.deliver("robin@example.com", [ANNA], body="Dear Anna,", folder="sentitems")
    assert [mail.salutation for batch in home.read(cursor) for mail in batch.items] == [""]
    assert asked(home) == []
