"""One message as Graph tells it into the facts of one mail."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.outlook.facts import Reader
from connectors.types import RECIPIENTS_KEPT, Address, Mail


def person(address: object, name: object = "") -> dict[str, Any]:
    return {"emailAddress": {"address": address, "name": name}}


FULL: dict[str, Any] = {
    "id": "AAkAL1",
    "internetMessageId": "<one@example.org>",
    "conversationId": "AAQkA1",
    "parentFolderId": "AQMkA1",
    "isDraft": False,
    "receivedDateTime": "2026-09-01T10:00:05Z",
    "sentDateTime": "2026-09-01T10:00:00Z",
    "from": person("anna@example.org", "Anna Adler"),
    "sender": person("office@example.org", "Office"),
    "toRecipients": [person("robin@example.com", "Robin Park")],
    "ccRecipients": [person("bela@example.net", "Bela")],
    "replyTo": [person("answers@example.org", "Answers")],
    "subject": "Tea",
    "internetMessageHeaders": [{"name": "References", "value": "<a@example.org> <b@example.org>"}],
}


def read(**changes: Any) -> Mail:
    mail = Reader().letter(FULL | changes, in_sent=False).mail
    assert mail is not None
    return mail


def test_all_that_is_told_becomes_a_fact() -> None:
    assert read() == Mail(
        "one@example.org",
        datetime(2026, 9, 1, 10, tzinfo=UTC),
        datetime(2026, 9, 1, 10, 0, 5, tzinfo=UTC),
        Address("anna@example.org", "Anna Adler"),
        (Address("robin@example.com", "Robin Park"), Address("bela@example.net", "Bela")),
        "Tea",
        "AAQkA1",
        in_sent=False,
        references=("a@example.org", "b@example.org"),
        reply_to=Address("answers@example.org", "Answers"),
    )


def test_a_draft_is_no_mail() -> None:
    letter = Reader().letter(FULL | {"isDraft": True}, in_sent=False)
    assert letter.mail is None
    assert letter.folder == "AQMkA1"


def test_whether_headers_were_told_is_known() -> None:
    assert Reader().letter(FULL, in_sent=False).headers
    assert not Reader().letter(FULL | {"internetMessageHeaders": []}, in_sent=False).headers
    assert not Reader().letter(FULL | {"internetMessageHeaders": None}, in_sent=False).headers


@pytest.mark.parametrize("missing", [key for key in FULL if key not in {"id", "receivedDateTime"}])
@pytest.mark.parametrize("value", ["missing", None, 7, [], {}, "x", [None], [[]], [{"emailAddress": None}]])
def test_a_property_that_is_missing_or_odd_costs_only_itself(missing: str, value: object) -> None:
    document = {key: told for key, told in FULL.items() if key != missing}
    if value != "missing":
        document[missing] = value
    mail = Reader().letter(document, in_sent=False).mail
    assert mail is not None
    whole = read()
    same = [name for name in ("message_id", "dated_at", "subject", "thread", "recipients", "reply_to")
            if getattr(mail, name) == getattr(whole, name)]  # fmt: skip
    assert len(same) >= 5


@pytest.mark.parametrize("missing", ["id", "receivedDateTime"])
def test_what_has_no_id_or_time_is_no_message(missing: str) -> None:
    for document in (FULL | {missing: None}, {key: told for key, told in FULL.items() if key != missing}):
        with pytest.raises(ValueError, match="a "):
            Reader().letter(document, in_sent=False)


def test_who_sends_for_another_is_told_where_nobody_else_is() -> None:
    assert read(**{"from": None}).sender == Address("office@example.org", "Office")


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (person("anna@example.org", "anna@example.org"), Address("anna@example.org")),
        (person("Anna@Example.org", "ANNA@EXAMPLE.ORG"), Address("Anna@Example.org")),
        (person("anna@example.org", "  Anna\u202e \n Adler "), Address("anna@example.org", "Anna Adler")),
        (person("j\u00f6rg@example.org", "J\u00f6rg"), Address("j\u00f6rg@example.org", "J\u00f6rg")),
        (person("anna@example.org", None), Address("anna@example.org")),
        (person("anna@example.org", "\ud83d"), Address("anna@example.org")),
        (person("/O=EXCHANGELABS/OU=EXCHANGE ADMINISTRATIVE GROUP/CN=RECIPIENTS/CN=ANNA"), None),
        (person(""), None), (person(None), None), (person("anna"), None), ({}, None), (None, None), ([], None),
        (person("a@" + "b" * 5000), None), (person("\ud83d@example.org"), None),
    ],
)  # fmt: skip
def test_people_as_exchange_names_them(told: object, address: Address | None) -> None:
    assert read(**{"from": told, "sender": None}).sender == address


def test_each_recipient_is_told_once_and_no_more_than_any_rule_needs() -> None:
    twice = read(
        toRecipients=[person("A@example.org"), person("b@example.org")], ccRecipients=[person("a@example.org")]
    )
    assert [one.email for one in twice.recipients] == ["A@example.org", "b@example.org"]
    many = read(toRecipients=[person(f"p{number}@example.org") for number in range(3000)])
    assert len(many.recipients) == RECIPIENTS_KEPT
    assert many.truncated


def test_answers_that_go_to_the_sender_are_no_fact() -> None:
    assert read(replyTo=[person("anna@example.org", "Anna Adler")]).reply_to is None


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2026-09-01T10:00:00Z", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01T10:00:00.1234567Z", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01T12:00:00+02:00", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("2026-09-01T10:00:00", datetime(2026, 9, 1, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None), ("9999-12-31T23:59:59Z", None), ("", None), ("soon", None), (7, None),
    ],
)  # fmt: skip
def test_moments_are_of_whole_seconds_and_none_where_they_can_be_none(told: object, moment: datetime | None) -> None:
    assert read(sentDateTime=told).dated_at == moment
    if moment is None:
        with pytest.raises(ValueError, match="without the time"):
            Reader().letter(FULL | {"receivedDateTime": told}, in_sent=False)


@pytest.mark.parametrize("thread", ["x" * 5000, "a\nb", "\ud83d", 7, None])
def test_a_conversation_that_can_be_none_is_none(thread: object) -> None:
    assert read(conversationId=thread).thread == ""
