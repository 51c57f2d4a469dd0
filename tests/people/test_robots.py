"""Rule "Is there a person behind an address?": the hard no by the address itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.people import hard_no, is_relay


@pytest.mark.parametrize(
    ("email", "rule"),
    [
        ("no-reply@example.com", "no-reply"),
        ("noreply@example.com", "no-reply"),
        ("NoReply@Example.com", "no-reply"),
        ("no_reply@example.com", "no-reply"),
        ("acme-no-reply@example.com", "no-reply"),
        ("no-reply-billing@example.com", "no-reply"),
        ("calendar=noreply=x@example.com", "no-reply"),
        ("comments-noreply+kix@docs.example", "no-reply"),
        ("do-not-reply@example.com", "do-not-reply"),
        ("donotreply.bank@example.com", "do-not-reply"),
        ("mailer-daemon@example.com", "mailer-daemon"),
        ("MAILER-DAEMON@example.com", "mailer-daemon"),
        ("postmaster@example.com", "postmaster"),
        ("bounce@example.com", "bounce"),
        ("announce-bounces@lists.example", "bounce"),
        ("bounces+17-lee=example.com@mail.example", "bounce"),
        ("notification@example.com", "notification"),
        ("notifications@example.com", "notification"),
        ("shop_notifications.eu@example.com", "notification"),
    ],
)
def test_a_robots_word_in_the_local_part_is_a_hard_no(email: str, rule: str) -> None:
    assert hard_no(email) == rule


@pytest.mark.parametrize(
    "email",
    [
        "lakshmi@example.com",
        "replyanna@example.com",
        "anoreply@example.com",
        "noreplyatall@example.com",
        "trebounces@example.com",
        "notificationist@example.com",
        "postmasters@example.com",
        "lee@no-reply.example",
        "lee+no-reply@example.com",  # looked for before the plus
        "reply@example.com",
        "@example.com",
        "",
        "noreply",  # no address at all
    ],
)
def test_a_word_that_only_resembles_a_robots_is_none(email: str) -> None:
    assert hard_no(email) is None


def test_a_plus_token_of_sixteen_hex_digits_is_a_hard_no() -> None:
    assert hard_no("reply+0123456789abcdef@example.com") == "one-time token"
    assert hard_no("reply+i-42-0123456789ABCDEF0123-7@example.com") == "one-time token"


@pytest.mark.parametrize("local", ["reply", "replies", "comment", "unsub"])
def test_a_token_after_reply_is_a_hard_no_whatever_its_alphabet(local: str) -> None:
    assert hard_no(f"{local}+AAXVQW4HZLQ2K3MNEVBNHHGQZT@reply.example.com") == "one-time token"
    assert hard_no(f"{local}+spring@example.com") is None
    assert hard_no("lee+AAXVQW4HZLQKMNEVBNHHGQZT@example.com") is None


def test_nobody_types_a_tag_of_24_letters_and_digits() -> None:
    assert hard_no("m+4zpn2k9q8xw7c1v5b3n6a0s2d4@example.com") == "one-time token"
    assert hard_no("lee+everythingthatismynewsletter1@example.com") is None


@pytest.mark.parametrize(
    "email",
    ["mention@noreply.example.com", "Lee@notifications.example.org", "x@reply.example.com", "y@bounces.acme.example"],
)
def test_a_domain_of_notices_is_a_soft_no(email: str) -> None:
    assert is_relay(email)


@pytest.mark.parametrize("email", ["lee@example.com", "lee@noreplyhouse.example", "1+lee@users.noreply.example.com"])
def test_other_domains_are_not(email: str) -> None:
    assert not is_relay(email)


@pytest.mark.parametrize("tag", ["0123456789abcde", "0123456789abcdeg", "shopping", "2024-10-12", ""])
def test_a_shorter_or_other_plus_token_is_a_persons(tag: str) -> None:
    assert hard_no(f"lee+{tag}@example.com") is None


def test_sixteen_hex_digits_before_the_plus_are_no_token() -> None:
    assert hard_no("0123456789abcdef@example.com") is None


def test_calendar_resources_and_groups_are_a_hard_no() -> None:
    assert hard_no("c_188a@resource.calendar.google.com") == "calendar resource or group"
    assert hard_no("Family123@group.calendar.google.com") == "calendar resource or group"
    assert hard_no("lee@calendar.google.com") is None


@given(st.text(max_size=300))
def test_no_address_however_strange_raises(email: str) -> None:
    assert hard_no(email) is None or hard_no(email) == hard_no(email.upper().lower())
