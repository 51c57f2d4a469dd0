"""What a subject is good for: topics, transactions, replies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.compose.draft import compose
from daemon.compose.facts import Facts, Silence
from daemon.compose.subject import LONGEST_TOPIC, is_private, is_transaction, mention, reply_subject, topic

TOPICS = [
    ("Re: Fwd: [EXT] Q3 budget", "Q3 budget"),
    ("AW: WG: Projektplan Hafen", "Projektplan Hafen"),
    ("RE[2]: Website relaunch", "Website relaunch"),
    ("Re(3): Re: Website relaunch", "Website relaunch"),
    ("[garden-club] Compost in winter", "Compost in winter"),
    ("EXTERNAL: Board offsite", "Board offsite"),
    ("Board slides (fwd)", "Board slides"),
    ("Thoughts on Lisbon.", "Thoughts on Lisbon"),
    ("回复: 春季计划表", "春季计划表"),
    ("Kitchen\r\n plan", "Kitchen plan"),
    ("Kitchen\u202e plan\x00", "Kitchen plan"),
]
NO_TOPICS = [
    "",
    "   ",
    "Re:",
    "Hi",
    "Re: hello again Tom",
    "Thanks!",
    "Quick question",
    "1:1",
    "Weekly sync",
    "Tom / Robin",
    "Tom <> Robin",
    "Lunch",
    "Coffee with Tom",
    "(no subject)",
    "[#48213] Printer",
    "PROJ-1182 login page",
    "Ticket 4821",
    "INC0048213 printer",
    "Invitation: Roadmap @ Mon 3 March",
    "Accepted: Roadmap",
    "Automatic reply: Roadmap",
    "Your receipt from Globex",
    "Invoice for March",
    "Rechnung Nr. 12",
    "Booking confirmed",
    "Two tickets for Friday",
    "Your salary",
    "Biopsy results",
    "Grandfather's funeral",
    "Confidential: merger",
    "Scheidung",
    "BUDGET NEEDED NOW",
    "see www.globex.example/x",
    "mail tom@example.com",
    "2026 03 14 99",
    "x" * (LONGEST_TOPIC + 1),
    "word " * 2_000,
    "{{ 7*7 }}",
    "{% for x in y %}",
    "<b>plan</b>",
    "Is this about the plan? Or not",
]


@pytest.mark.parametrize(("title", "expected"), TOPICS)
def test_a_topic_is_cleaned(title: str, expected: str) -> None:
    assert topic(title) == expected


@pytest.mark.parametrize("title", NO_TOPICS)
def test_a_title_that_should_not_be_mentioned_is_no_topic(title: str) -> None:
    assert topic(title) is None


@pytest.mark.parametrize("occasion", ["catch-up", "new-year"])
def test_a_subject_of_our_own_is_never_the_next_topic(occasion: str) -> None:
    for seed in range(60):
        facts = Facts(
            occasion=occasion,  # type: ignore[arg-type]
            language="en",
            greeting="Hello,",
            silence=Silence.YEARS,
            signed="Robin",
            year=2027 if occasion == "new-year" else None,
        )
        subject = compose(facts, avoid=(), seed=str(seed)).subject
        assert topic(f"Re: {subject}") is None, subject


@pytest.mark.parametrize(
    ("named", "phrase"),
    [
        ("Q3 budget", "the Q3 budget"),
        ("Website relaunch", "the website relaunch"),
        ("NATO conference", "the NATO conference"),
        ("Lisbon trip", '"Lisbon trip"'),
        ("Website Relaunch", '"Website Relaunch"'),
        ("My garden", '"My garden"'),
        ("The garden party", '"The garden party"'),
        ("Thoughts on Lisbon", '"Thoughts on Lisbon"'),
        ("Budget", '"Budget"'),
    ],
)
def test_a_topic_takes_an_article_only_where_it_is_sure(named: str, phrase: str) -> None:
    assert mention(named) == phrase


@given(st.text(max_size=200))
def test_a_topic_is_always_short_printable_and_without_markup(title: str) -> None:
    found = topic(title)
    if found is not None:
        assert 0 < len(found) <= LONGEST_TOPIC
        assert found.isprintable()
        assert not any(char in '<>{}@"?\n' for char in found)
        assert topic(found) == found


@pytest.mark.parametrize(
    "subject",
    ["Your invoice", "Re: Buchung 12", "Facture avril", "Flight to Oslo", "Tickets!", "Declined: Lunch", "E-Ticket"],
)
def test_a_transaction_is_told_by_its_subject(subject: str) -> None:
    """Rule "Reply in the old thread": its subject is no transaction."""
    assert is_transaction(subject)


@pytest.mark.parametrize("subject", ["Q3 budget", "Kitchen plan", "Orderly retreat", ""])
def test_a_talk_is_no_transaction(subject: str) -> None:
    assert not is_transaction(subject)


def test_a_private_subject_is_told() -> None:
    assert is_private("Re: the funeral")
    assert not is_private("Re: the garden")


@pytest.mark.parametrize(
    ("subject", "reply"),
    [
        ("Q3 budget", "Re: Q3 budget"),
        ("Re: Q3 budget", "Re: Q3 budget"),
        ("RE: AW: Re[2]: Q3 budget", "Re: Q3 budget"),
        ("Fwd: Q3 budget", "Re: Fwd: Q3 budget"),
        ("[garden] Compost", "Re: [garden] Compost"),
        ("Q3\r\nBcc: x@example.net", "Re: Q3 Bcc: x@example.net"),
        ("", "Re:"),
    ],
)
def test_a_reply_keeps_the_subject_with_one_re(subject: str, reply: str) -> None:
    assert reply_subject(subject) == reply


@given(st.text(max_size=100))
def test_a_reply_subject_is_one_line_and_stays_as_it_is(subject: str) -> None:
    reply = reply_subject(subject)
    assert reply.isprintable()
    assert reply_subject(reply) == reply
