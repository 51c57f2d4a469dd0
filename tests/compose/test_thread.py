"""Reply or new, and the key a draft is found by."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.compose.key import TOKEN_BYTES, new_key
from daemon.compose.thread import LastThread, reply_target

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LAST = LastThread(
    subject="Re: Q3 budget",
    message_id="two@example.com",
    references=("one@example.com",),
    thread="one@example.com",
    two_of_you=True,
    at=NOW - timedelta(days=100),
)


def test_a_young_thread_of_two_is_answered() -> None:
    reply = reply_target(LAST, silent_since=LAST.at, now=NOW)
    assert reply is not None
    assert (reply.subject, reply.in_reply_to, reply.thread) == ("Re: Q3 budget", "two@example.com", "one@example.com")
    assert reply.references == ("one@example.com", "two@example.com")


@pytest.mark.parametrize(("days", "answered"), [(180, True), (181, False)])
def test_a_silence_of_more_than_180_days_begins_a_new_thread(days: int, answered: bool) -> None:
    """Rule "Reply in the old thread only if the silence is at most 180 days"."""
    last = replace(LAST, at=NOW - timedelta(days=days))
    assert (reply_target(last, silent_since=last.at, now=NOW) is not None) == answered


def test_a_recent_meeting_does_not_reopen_an_old_thread() -> None:
    last = replace(LAST, at=NOW - timedelta(days=900))
    assert reply_target(last, silent_since=NOW - timedelta(days=60), now=NOW) is None


def test_a_thread_with_others_is_not_answered() -> None:
    """Rule "the last thread was just the two of you"."""
    assert reply_target(replace(LAST, two_of_you=False), silent_since=LAST.at, now=NOW) is None


@pytest.mark.parametrize(
    "subject", ["Your invoice 12", "Booking confirmed", "Accepted: Lunch", "The funeral", "", "Re:", "x" * 300]
)
def test_such_a_thread_is_not_answered(subject: str) -> None:
    """Rule "its subject is no transaction"; nor is a private, an empty or an endless one taken up."""
    assert reply_target(replace(LAST, subject=subject), silent_since=LAST.at, now=NOW) is None


@pytest.mark.parametrize("message_id", ["", "a b@example.com", "<a@example.com>", "a\r\nBcc:x@example.com", "x" * 1000])
def test_a_thread_that_cannot_be_named_is_not_answered(message_id: str) -> None:
    assert reply_target(replace(LAST, message_id=message_id), silent_since=LAST.at, now=NOW) is None


def test_without_a_thread_there_is_no_reply() -> None:
    assert reply_target(None, silent_since=NOW, now=NOW) is None
    assert reply_target(LAST, silent_since=None, now=NOW) is None


def test_references_are_the_first_and_the_last_eight() -> None:
    ids = tuple(f"m{number}@example.com" for number in range(30))
    reply = reply_target(replace(LAST, references=(*ids, "bad id", "m3@example.com")), silent_since=LAST.at, now=NOW)
    assert reply is not None
    assert reply.references == (
        "m0@example.com",
        *(f"m{number}@example.com" for number in range(23, 30)),
        "two@example.com",
    )


def test_a_key_is_a_message_id_at_the_users_domain() -> None:
    key = new_key("Robin@Example.COM", bytes(range(TOKEN_BYTES)))
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}@example\.com", key)


def test_different_tokens_give_different_keys() -> None:
    assert new_key("r@example.com", b"a" * TOKEN_BYTES) != new_key("r@example.com", b"b" * TOKEN_BYTES)


@given(st.text(max_size=80), st.binary(min_size=TOKEN_BYTES, max_size=TOKEN_BYTES))
def test_a_key_is_of_ordinary_shape_whatever_the_address(address: str, token: bytes) -> None:
    key = new_key(address, token)
    assert re.fullmatch(r"[0-9a-f-]{36}@[a-z0-9.-]+", key)


def test_a_token_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16"):
        new_key("r@example.com", b"short")
