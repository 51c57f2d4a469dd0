"""Drafts are written strictly, and read back as they were meant."""

from base64 import b64encode
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import Refused
from connectors.mime.reading import MailMaker, read_message
from connectors.mime.writing import write_draft
from connectors.text import clean
from connectors.types import Address, NewDraft

AT = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
ROBIN, ANNA = Address("robin@example.com", "Robin Park"), Address("anna@example.org", "Anna Adler")


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_draft_holds_what_it_should_and_nothing_else() -> None:
    content = write_draft(NewDraft("k1@example.com", ROBIN, ANNA, "Lunch?", "Hi Anna,\n\nhow are you?", AT))
    message = parsed(content)
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    )
    assert message["Date"] == "Thu, 01 Oct 2026 09:30:00 +0000"
    assert message["Message-ID"] == "<k1@example.com>"
    assert message.get_content().replace("\r\n", "\n") == "Hi Anna,\n\nhow are you?\n"
    assert message.get_content_type() == "text/plain"
    assert message["Content-Transfer-Encoding"] == "quoted-printable"


def test_nothing_in_it_tells_that_a_program_wrote_it() -> None:
    """Rules, "Drafts": no header names auld, never Auto-Submitted."""
    content = write_draft(NewDraft("k1@example.com", ROBIN, ANNA, "Lunch?", "Hi", AT)).lower()
    for word in (b"auld", b"python", b"auto-submitted", b"x-mailer", b"user-agent"):
        assert word not in content


def test_a_reply_keeps_its_threading_unencoded_however_long() -> None:
    old = tuple(f"{number}.{'x' * 60}@mail.example.net" for number in range(20))
    draft = NewDraft("k1@example.com", ROBIN, ANNA, "Re: x", "Hi", AT, in_reply_to=old[-1], references=old)
    content = write_draft(draft, "\n")
    assert f"In-Reply-To: <{old[-1]}>\n".encode() in content
    assert parsed(content)["References"] == " ".join(f"<{one}>" for one in (old[0], *old[-8:]))
    assert b"=?" not in content


@pytest.mark.parametrize(
    "name", ["Müller, Jan", 'Anna "Nan" Adler', "O'Brien; Pat", "J. R.", "村上 春樹", "a@b.example", ""]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_name_is_read_back(name: str, end: str) -> None:
    row = read_message(write_draft(NewDraft("k@example.com", ROBIN, Address("x@example.org", name), "s", "b", AT), end))
    assert row is not None
    assert MailMaker().to_mail(row).recipients == (Address("x@example.org", name),)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=300))
def test_no_text_breaks_out_of_its_header(name: str, subject: str, body: str) -> None:
    content = write_draft(NewDraft("k@example.com", ROBIN, Address("x@example.org", name), subject, body, AT))
    message = parsed(content)
    assert len(message.keys()) == 8
    assert [one.addr_spec for one in message["To"].addresses] == ["x@example.org"]
    row = read_message(content)
    assert row is not None
    assert row[5] == clean(subject)


def encoded(text: str, depth: int) -> str:
    """Return a text encoded as often as that, as nobody does but who wants it decoded as often."""
    for _ in range(depth):
        text = f"=?utf-8?b?{b64encode(text.encode()).decode()}?="
    return text


@given(
    st.sampled_from(["Our trip\r\nBcc: eve@example.net", "x\r\n\r\nA body", "x\nFrom: y", 'Kim" <eve@example.net>, "']),
    st.integers(0, 4), st.sampled_from(["", "Re: ", "é "]), st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_no_text_is_decoded_once_more_than_it_was_meant(text: str, depth: int, before: str, end: str) -> None:
    """A subject that was encoded twice arrives decoded once, and must go out as it arrived."""
    told = before + encoded(text, depth)
    inner = f"{before}=?utf-8?q?{text.replace(' ', '_').encode('unicode_escape').decode()}?="
    for hostile in (told, inner, f"=?utf-8?q?Our_trip=0D=0ABcc=3A_eve=40example.net?= {told}"):
        content = write_draft(
            NewDraft("k@example.com", Address("robin@example.com", hostile), Address("x@example.org", hostile), hostile,
                     "b", AT), end,
        )  # fmt: skip
        message = parsed(content)
        assert len(message.keys()) == 8
        assert message["Bcc"] is None
        assert [one.addr_spec for one in message["To"].addresses] == ["x@example.org"]
        assert message.get_content().strip() == "b"
        row = read_message(content)
        assert row is not None
        assert row[5] == clean(hostile)
        assert row[4] == (("x@example.org", row[4][0][1]),)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_long_paragraph_stays_one_line_and_lines_on_the_wire_are_short(end: str) -> None:
    body = "wörter " * 200
    content = write_draft(NewDraft("k@example.com", ROBIN, ANNA, "s", f"{body}\nend", AT), end)
    assert parsed(content).get_content().replace("\r\n", "\n") == f"{body}\nend\n"
    assert max(len(line) for line in content.split(end.encode())) <= 76
    assert (b"\r" in content) == (end == "\r\n")


@pytest.mark.parametrize("key", ["", "a b@x", "a@x>\r\nBcc: e@example.net", "ä@x"])
def test_a_key_that_cannot_stand_in_a_header_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="cannot stand in a mail header"):
        write_draft(NewDraft(key, ROBIN, ANNA, "s", "b", AT))


def test_a_moment_in_another_zone_stays_the_same_moment() -> None:
    zoned = datetime.fromisoformat("2026-10-01T11:30:00+02:00")
    row = read_message(write_draft(NewDraft("k@example.com", ROBIN, ANNA, "s", "b", zoned)))
    assert row is not None
    assert MailMaker().to_mail(row).dated_at == AT
