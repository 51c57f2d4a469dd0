"""What every connector must keep, as test classes to inherit.

A new kind gives a `provider` fixture (a `Provider` of its own: what a test does at the provider's end) and inherits the
classes that fit; see tests/connectors/files/test_contract.py.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from connectors.base import Account, DraftBox, Finding, Source
from connectors.errors import CursorExpired, Refused
from connectors.types import Address, Batch, DraftRef, Mail, NewDraft

NOW = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


class Provider(Protocol):
    """The far end: where mail arrives and where the user touches drafts."""

    def account(self) -> Account:
        """Open the account anew, as a new process would."""
        ...

    def deliver(self, content: bytes, *, sent: bool) -> None:
        """Let a mail arrive, or be sent by the user."""
        ...

    def edit_draft(self, ref: DraftRef) -> None:
        """Change the body of a draft a minute later, as the user does."""
        ...

    def delete_draft(self, ref: DraftRef) -> None:
        """Throw a draft away, as the user does."""
        ...


def letter(number: int, *, at: datetime | None = None, sender: str = "anna@example.org", extra: str = "") -> bytes:
    """Return a mail with Message-ID mail-`number`@example.org."""
    moment = at or NOW - timedelta(days=300) + timedelta(hours=number)
    return (
        f"From: Anna Adler <{sender}>\nTo: Robin Park <robin@example.com>\nSubject: Letter {number}\n"
        f"Date: {moment:%a, %d %b %Y %H:%M:%S +0000}\nMessage-ID: <mail-{number}@example.org>\n{extra}\nHello\n"
    ).encode()


def read(source: Source[Mail], cursor: str | None = None, since: datetime | None = None) -> list[Batch[Mail]]:
    return list(source.changes(cursor, since))


def ids(batches: Sequence[Batch[Mail]]) -> list[str]:
    return sorted(mail.message_id for batch in batches for mail in batch.items)


def expected(*numbers: int) -> list[str]:
    return sorted(f"mail-{number}@example.org" for number in numbers)


class MailContract:
    """The mail of an account."""

    @pytest.fixture
    def mail(self, provider: Provider) -> Source[Mail]:
        source = provider.account().mail
        assert source is not None
        return source

    def test_a_first_read_tells_every_mail_once(self, provider: Provider, mail: Source[Mail]) -> None:
        for number in range(7):
            provider.deliver(letter(number), sent=number % 2 == 0)
        assert ids(read(mail)) == expected(*range(7))

    def test_an_empty_account_gives_a_cursor(self, provider: Provider, mail: Source[Mail]) -> None:
        first = read(mail)
        assert ids(first) == []
        provider.deliver(letter(1), sent=True)
        assert ids(read(mail, first[-1].cursor)) == expected(1)

    def test_a_second_read_tells_nothing_and_keeps_the_cursor(self, provider: Provider, mail: Source[Mail]) -> None:
        provider.deliver(letter(1), sent=True)
        cursor = read(mail)[-1].cursor
        again = read(mail, cursor)
        assert ids(again) == []
        assert [batch.cursor for batch in again] in ([], [cursor])

    def test_what_is_new_is_told_after_a_cursor(self, provider: Provider, mail: Source[Mail]) -> None:
        provider.deliver(letter(1), sent=True)
        cursor = read(mail)[-1].cursor
        provider.deliver(letter(2), sent=False)
        provider.deliver(letter(3), sent=True)
        assert set(ids(read(mail, cursor))) >= set(expected(2, 3))

    def test_a_read_stopped_after_any_batch_goes_on_from_its_cursor(
        self, provider: Provider, mail: Source[Mail]
    ) -> None:
        for number in range(40):
            provider.deliver(letter(number), sent=number % 3 == 0)
        count = len(read(mail))
        for stop in range(1, count + 1):
            told, cursor = [], None
            for number, batch in enumerate(mail.changes(None, None), start=1):
                told.append(batch)
                cursor = batch.cursor
                if number == stop:
                    break
            told += read(provider.account().mail or mail, cursor)
            assert set(ids(told)) == set(expected(*range(40)))

    def test_a_cursor_of_somebody_else_has_expired(self, mail: Source[Mail]) -> None:
        for foreign in ("", "nonsense", "{}", "[1, 2]", "12345", '{"folders, 1": {"sent:/x": ["seen", "?"]}}'):
            with pytest.raises(CursorExpired):
                read(mail, foreign)

    def test_the_folder_says_which_mail_was_sent(self, provider: Provider, mail: Source[Mail]) -> None:
        provider.deliver(letter(1), sent=True)
        provider.deliver(letter(2), sent=False)
        told = {one.message_id: one.in_sent for batch in read(mail) for one in batch.items}
        assert told == {"mail-1@example.org": True, "mail-2@example.org": False}

    def test_moments_are_aware_and_utc(self, provider: Provider, mail: Source[Mail]) -> None:
        provider.deliver(letter(1, at=NOW), sent=True)
        (told,) = (one for batch in read(mail) for one in batch.items)
        assert told.dated_at == NOW
        for moment in (told.dated_at, told.received_at):
            assert moment is None or moment.utcoffset() == timedelta(0)

    def test_nothing_older_than_since_is_told(self, provider: Provider, mail: Source[Mail]) -> None:
        old = NOW - timedelta(days=3000)
        provider.deliver(
            letter(1, at=old, extra=f"Received: by mx.example.com; {old:%d %b %Y %H:%M:%S +0000}\n"), sent=False
        )
        provider.deliver(letter(2, at=NOW), sent=False)
        assert ids(read(mail, since=NOW - timedelta(days=365))) == expected(2)

    def test_progress_only_grows_and_ends_at_the_total(self, provider: Provider, mail: Source[Mail]) -> None:
        for number in range(30):
            provider.deliver(letter(number), sent=False)
        batches = read(mail)
        done = [batch.done for batch in batches]
        assert done == sorted(done)
        assert batches[-1].done == batches[-1].total > 0

    @pytest.mark.parametrize(
        "hostile",
        [
            b"From: " + b"(" * 2000 + b"x" + b")" * 2000 + b" <eve@example.net>\n",
            b"To: " + b", ".join(b"p%d@example.net" % n for n in range(50_000)) + b"\n",
            b"From: =?utf-8?q?Eve=0D=0ABcc=3A_x?= <eve@example.net>\n",
            b"Date: Thu, 01 Jan 1970 00:00:00 +0000\n",
            b"Date: 99 Foo 99999 99:99:99 +9999\n",
            b"Subject: =?no-such-charset?b?!!!!?= =?utf-8?b?////?= \xff\xfe\n",
        ],
        ids=["nested parentheses", "50,000 recipients", "encoded CRLF", "1970", "no date", "broken words"],
    )
    def test_one_hostile_header_costs_no_other_fact(
        self, provider: Provider, mail: Source[Mail], hostile: bytes
    ) -> None:
        provider.deliver(hostile + b"Message-ID: <mail-1@example.org>\n\nBody\n", sent=False)
        provider.deliver(letter(2), sent=False)
        assert ids(read(mail)) == expected(1, 2)


class DraftsContract:
    """The draft box of an account."""

    @pytest.fixture
    def drafts(self, provider: Provider) -> DraftBox:
        box = provider.account().drafts
        assert box is not None
        return box

    @staticmethod
    def draft(key: str = "k1.20261001@example.com", **changes: object) -> NewDraft:
        fields: dict[str, object] = {
            "sender": Address("robin@example.com", "Robin Park"),
            "to": Address("anna@example.org", "Anna Adler"),
            "subject": "Lunch in May?",
            "body": "Hi Anna,\n\nhow was the trip?\n\nRobin",
            "written_at": NOW,
        }
        return NewDraft(key, **(fields | changes))  # type: ignore[arg-type]

    def test_a_draft_is_found_by_its_key(self, drafts: DraftBox) -> None:
        ref = drafts.create(self.draft())
        found = drafts.find("k1.20261001@example.com")
        assert found is not None
        assert (found.id, found.revision, found.key) == (ref.id, ref.revision, "k1.20261001@example.com")
        assert drafts.find("other@example.com") is None

    def test_a_box_says_whether_a_draft_may_come_late(self, drafts: DraftBox) -> None:
        assert drafts.creates_late in (True, False)

    def test_a_draft_tells_whom_it_is_to_and_when_it_was_written(self, drafts: DraftBox) -> None:
        drafts.create(self.draft())
        (ref,) = drafts.all()
        assert (ref.to, ref.subject, ref.written_at) == (("anna@example.org",), "Lunch in May?", NOW)

    def test_an_untouched_draft_keeps_its_revision(self, provider: Provider, drafts: DraftBox) -> None:
        ref = drafts.create(self.draft())
        again = provider.account().drafts
        assert again is not None
        looked = again.get(ref)
        assert looked is not None
        assert looked.revision == ref.revision

    def test_an_edit_changes_the_revision_and_forbids_withdrawing(self, provider: Provider, drafts: DraftBox) -> None:
        ref = drafts.create(self.draft())
        provider.edit_draft(ref)
        edited = drafts.get(ref)
        assert edited is not None
        assert edited.revision != ref.revision
        assert drafts.withdraw(ref) is False
        assert drafts.get(ref) is not None

    def test_an_edit_is_told_to_one_who_never_saw_the_draft_before(self, provider: Provider, drafts: DraftBox) -> None:
        def find() -> tuple[bool, bool]:
            box = provider.account().drafts
            assert box is not None
            found = box.find(ref.key)
            assert found is not None
            return found.as_made, found.dated and found.written_at != NOW

        ref = drafts.create(self.draft())
        assert (ref.as_made, *find()) == (True, True, False)
        provider.edit_draft(ref)
        assert find() in {(False, False), (False, True), (True, True)}

    def test_an_untouched_draft_is_withdrawn_once(self, drafts: DraftBox) -> None:
        ref = drafts.create(self.draft())
        assert drafts.withdraw(ref) is True
        assert drafts.get(ref) is None
        assert drafts.find(ref.key) is None
        assert drafts.withdraw(ref) is False

    def test_a_deleted_draft_is_gone(self, provider: Provider, drafts: DraftBox) -> None:
        ref = drafts.create(self.draft())
        provider.delete_draft(ref)
        assert drafts.get(ref) is None
        assert list(drafts.all()) == []

    def test_an_empty_box_has_no_drafts(self, drafts: DraftBox) -> None:
        assert list(drafts.all()) == []
        assert drafts.find("k1.20261001@example.com") is None

    def test_two_drafts_are_two(self, drafts: DraftBox) -> None:
        first, second = drafts.create(self.draft("a@example.com")), drafts.create(self.draft("b@example.com"))
        assert {ref.id for ref in drafts.all()} == {first.id, second.id}

    @pytest.mark.parametrize("address", ["anna@example.org\r\nBcc: eve@example.net", "anna", "", "a b@example.org"])
    def test_an_address_that_cannot_stand_in_a_header_is_refused(self, drafts: DraftBox, address: str) -> None:
        with pytest.raises(Refused):
            drafts.create(self.draft(to=Address(address, "Anna")))
        assert list(drafts.all()) == []

    def test_a_subject_cannot_add_a_header(self, drafts: DraftBox) -> None:
        drafts.create(
            self.draft(subject="Hello\r\nBcc: eve@example.net", to=Address("anna@example.org", "A\nCc: e@x.net"))
        )
        (ref,) = drafts.all()
        assert ref.to == ("anna@example.org",)


class AccountContract:
    """The account as a whole."""

    def test_check_tells_findings_with_a_fix_for_what_is_wrong(self, provider: Provider) -> None:
        findings = list(provider.account().check())
        assert findings
        for one in findings:
            assert isinstance(one, Finding)
            assert one.name
            assert one.detail
            assert (one.fix == "") == (one.result == "ok")

    def test_its_addresses_are_a_tuple_of_mailboxes(self, provider: Provider) -> None:
        addresses = provider.account().addresses()
        assert isinstance(addresses, tuple)
        assert all(address.count("@") == 1 for address in addresses)
