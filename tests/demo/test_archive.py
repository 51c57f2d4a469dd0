"""The sample mailbox as other programs see it: what is on disk is real mail, a real calendar and a real config."""

import email.policy
import mailbox
import tomllib
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events

from daemon.demo import Demo, build
from daemon.demo.cast import CAST, LISTED_PEOPLE, ROBIN, ROBIN_THEN, ZONE

NOW = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return build(tmp_path_factory.mktemp("sample") / "new" / "folder", NOW)


def maildir(demo: Demo, name: str) -> list[Message]:
    return list(mailbox.Maildir(demo.config.parent / "Mail" / name, create=False))


def archive(demo: Demo) -> list[Message]:
    with closing(mailbox.mbox(demo.config.parent / "archive.mbox", create=False)) as box:
        return list(box)


def messages(demo: Demo) -> list[Message]:
    return [*maildir(demo, "Sent"), *maildir(demo, "INBOX"), *archive(demo)]


def calendar(demo: Demo) -> icalendar.Calendar:
    parsed = icalendar.Calendar.from_ical((demo.config.parent / "calendar.ics").read_bytes())
    assert isinstance(parsed, icalendar.Calendar)
    return parsed


def test_every_message_parses_and_has_what_mail_must_have(demo: Demo) -> None:
    found = messages(demo)

    assert 1_200 <= len(found) <= 2_000
    for message in found:
        whole = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
        assert not whole.defects
        assert not any(part.defects for part in whole.walk())
        assert {"From", "To", "Date", "Subject", "Message-ID"} <= set(whole.keys())


def test_no_two_mails_share_a_message_id(demo: Demo) -> None:
    counts = Counter(message["Message-ID"] for message in messages(demo))

    assert counts.most_common(1)[0][1] == 1


def test_nothing_is_newer_than_the_moment_it_was_built(demo: Demo) -> None:
    newest = max(parsedate_to_datetime(message["Date"]) for message in messages(demo))

    assert demo.clock - timedelta(days=10) < newest < NOW


def test_a_reply_answers_a_mail_that_exists_and_is_older(demo: Demo) -> None:
    by_id = {message["Message-ID"]: message for message in messages(demo)}
    replies = [message for message in by_id.values() if message["In-Reply-To"]]

    assert len(replies) > 300
    for reply in replies:
        parent = by_id[reply["In-Reply-To"]]
        assert parsedate_to_datetime(parent["Date"]) < parsedate_to_datetime(reply["Date"])
        assert reply["References"].split()[-1] == reply["In-Reply-To"]


def test_names_beyond_ascii_are_encoded_and_come_back(demo: Demo) -> None:
    raw = [message for message in messages(demo) if "haruto.tanaka" in str(message["From"])]

    assert raw
    assert all(str(message["From"]).isascii() for message in raw)
    again = email.message_from_bytes(raw[0].as_bytes(), policy=email.policy.default)
    assert again["From"].addresses[0].display_name == "田中 春翔"


def test_every_address_lies_in_a_domain_kept_for_examples(demo: Demo) -> None:
    """RFC 2606: nobody can ever be written to by accident."""
    for message in messages(demo):
        whole = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
        addresses = [*whole["From"].addresses, *whole["To"].addresses]
        for address in addresses:
            top = address.domain.rpartition(".")[2]
            registered = ".".join(address.domain.split(".")[-2:])
            assert top == "example" or registered in {"example.com", "example.org", "example.net"}


def test_the_old_address_is_robins_in_sent_mail_alone(demo: Demo) -> None:
    """rules.md, "Me": an alias is learned when no mail from it lies outside Sent."""
    old = [message for message in archive(demo) if ROBIN_THEN.email in str(message["From"])]

    assert len(old) > 10
    assert all("Sent" in str(message["X-Gmail-Labels"]) for message in old)
    recent = [*maildir(demo, "INBOX"), *maildir(demo, "Sent")]
    assert not [message for message in recent if ROBIN_THEN.email in str(message["From"])]
    assert ROBIN_THEN.email not in tomllib.loads(demo.config.read_text())["me"]["emails"]


def test_the_maildirs_hold_their_own_direction_and_new_mail_is_unread(demo: Demo) -> None:
    new = demo.config.parent / "Mail" / "INBOX" / "new"

    assert all(message["From"] == "Robin Park <robin@example.com>" for message in maildir(demo, "Sent"))
    assert not any(ROBIN.email in str(message["From"]) for message in maildir(demo, "INBOX"))
    assert 1 <= len(list(new.iterdir())) <= 3
    assert not demo.drafts.exists()


def test_the_bounce_is_a_delivery_report_about_the_mail_that_was_sent(demo: Demo) -> None:
    """RFC 3464."""
    inbox = maildir(demo, "INBOX")
    (report,) = [message for message in inbox if message.get_content_type() == "multipart/report"]
    status = next(part for part in report.walk() if part.get_content_type() == "message/delivery-status")
    blocks = status.get_payload()

    assert isinstance(blocks, list)
    fields = blocks[1]
    assert isinstance(fields, Message)
    assert fields["Final-Recipient"] == "rfc822;oskar.lindgren@example.net"
    assert (fields["Action"], fields["Status"]) == ("failed", "5.1.1")
    assert report["Return-Path"] == "<>"


def test_there_is_mail_of_every_kind_that_is_no_contact(demo: Demo) -> None:
    found = messages(demo)

    for header in ("List-Id", "List-Post", "List-Unsubscribe", "Precedence", "Auto-Submitted", "X-Original-From"):
        assert any(message[header] for message in found), header
    assert any(message.get_param("method") == "REQUEST" for message in found)
    crowd = Counter(len(str(message["To"]).split(",")) for message in found)
    assert crowd[15] >= 5
    assert crowd[41] >= 5
    labels = {label for message in found for label in str(message["X-Gmail-Labels"]).split(",")}
    assert {"Sent", "Inbox", "Spam", "Trash", "Drafts"} <= labels


def test_the_calendar_parses_and_its_lines_are_short_enough(demo: Demo) -> None:
    """RFC 5545, 3.1: at most 75 octets a line."""
    raw = (demo.config.parent / "calendar.ics").read_bytes()

    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    events = calendar(demo).walk("VEVENT")
    assert not any(event.errors for event in events)
    assert {str(event.get("STATUS")) for event in events} >= {"CANCELLED"}


def test_the_monthly_lunch_leaves_one_out_moves_one_and_cancels_one(demo: Demo) -> None:
    end = demo.clock
    occurrences = recurring_ical_events.of(calendar(demo)).between(end - timedelta(days=800), end)
    lunches = [event for event in occurrences if str(event["SUMMARY"]) == "Lunch with Tomás"]
    days = Counter(event["DTSTART"].dt.astimezone(ZONE).strftime("%a") for event in lunches)
    cancelled = [event for event in lunches if event.get("STATUS") == "CANCELLED"]

    assert days["Tue"] == 1
    assert 21 <= days["Thu"] <= 24
    assert len(cancelled) == 1


def test_a_meeting_with_mateo_lies_a_week_ahead(demo: Demo) -> None:
    occurrences = recurring_ical_events.of(calendar(demo)).between(demo.clock, demo.clock + timedelta(days=14))
    (meeting,) = [event for event in occurrences if str(event["SUMMARY"]) == "Coffee and piano"]

    assert {str(guest.params["PARTSTAT"]) for guest in meeting["ATTENDEE"]} == {"ACCEPTED"}
    assert meeting["DTSTART"].dt - demo.clock > timedelta(days=6)


def test_the_config_is_toml_and_lists_the_cast_that_is_listed(demo: Demo) -> None:
    config = tomllib.loads(demo.config.read_text(encoding="utf-8"))

    assert [person["name"] for person in config["people"]] == [who.name for who in LISTED_PEOPLE]
    assert [person["emails"] for person in config["people"]] == [[who.email] for who in LISTED_PEOPLE]
    circles = {circle["name"] for circle in config["circles"]}
    assert {person["circle"] for person in config["people"] if "circle" in person} <= circles
    (account,) = config["accounts"]
    folder = demo.config.parent
    assert all((folder / path).exists() for key in ("sent", "received", "mail", "calendar") for path in account[key])
    assert folder / account["drafts"] == demo.drafts
    (news,) = config["me"]["news"]
    assert news["from"] < demo.clock.astimezone(ZONE).date() < news["until"]


def test_the_same_morning_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = build(tmp_path / "one", NOW), build(tmp_path / "other", NOW - timedelta(hours=2))

    def contents(demo: Demo) -> dict[str, bytes]:
        folder = demo.config.parent
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert one.clock == other.clock
    assert contents(one) == contents(other)


@pytest.mark.parametrize("name", ["Mail", "archive.mbox", "calendar.ics", "config.toml"])
def test_what_already_lies_there_is_not_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"mine")

    with pytest.raises(FileExistsError):
        build(tmp_path, NOW)

    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"mine"


def test_everyone_of_the_cast_is_in_the_mail(demo: Demo) -> None:
    written = {str(message[header]) for message in messages(demo) for header in ("From", "To")}
    every = "\n".join(written)

    assert not [one.email for who in CAST for one, _ in who.mailboxes if one.email not in every]
