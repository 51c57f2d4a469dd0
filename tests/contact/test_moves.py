"""Moves: the same person at a new organisation, and where drafts go then."""

import pytest

from connectors.types import Answer, Failure, Mail, Mark, Meeting
from daemon.model import Move
from tests.facts import ME, NOW, mail, meeting, of, received, sent, world_of

OLD = "Ana Lima <ana.lima@example.org>"
NEW = "Ana Lima <alima@example.net>"


def stand(*facts: Mail | Meeting, **more: object) -> tuple[Move | None, str | None]:
    """Return Ana's move, and where a draft would go."""
    standing = of(world_of(*facts, **more), "ana.lima@example.org")  # type: ignore[arg-type]
    return standing.moved, standing.usable_email


def test_who_wrote_twice_from_a_new_organisation_while_the_old_address_was_silent_has_moved() -> None:
    moved, email = stand(
        received(OLD, days=400), received(NEW, days=80), received(NEW, days=40), sent(OLD, days=20), sent(OLD, days=5)
    )
    assert moved is not None
    assert (moved.old, moved.new, moved.uses) == ("ana.lima@example.org", "alima@example.net", 2)
    assert (NOW - moved.silent_since).days == 400
    assert (NOW - moved.since).days == 80
    assert email == "alima@example.net"


def test_a_meeting_they_accepted_is_a_use() -> None:
    lunch = meeting(ME, {"Ana Lima <alima@example.net>": Answer.ACCEPTED}, days=50)
    moved, _ = stand(received(OLD, days=400), lunch, received(NEW, days=40))
    assert moved is not None


@pytest.mark.parametrize(
    "facts",
    [
        (received(OLD, days=400), received(NEW, days=40)),  # once is no move
        (received(OLD, days=80), received(NEW, days=60), received(NEW, days=40)),  # the old one was in use lately
        (received(OLD, days=200), received(NEW, days=300), received(NEW, days=100)),  # once since the old one's last
        (sent(OLD, days=400), received(NEW, days=60), received(NEW, days=40)),  # they never used the old one
        (received(OLD, days=400), mail(OLD, "x@example.com", 20), received(NEW, days=60), received(NEW, days=40)),
        (received(OLD, days=400), received(NEW, days=60), received(NEW, days=40, marks=int(Mark.LIST_ID))),
    ],
    ids=["once", "lately", "once since", "never used", "seen elsewhere", "bulk"],
)
def test_less_is_no_move_and_drafts_go_to_the_address_last_in_contact(facts: tuple[Mail, ...]) -> None:
    last = sent(OLD, days=10)
    assert stand(*facts, last) == (None, "ana.lima@example.org")


def test_another_address_of_the_same_organisation_is_no_move() -> None:
    near = "Ana Lima <ana@mail.example.org>"
    moved, _ = stand(received(OLD, days=400), received(near, days=60), received(near, days=40))
    assert moved is None


def test_a_bulk_mail_or_a_vacation_reply_does_not_keep_the_old_address_alive() -> None:
    away = received(OLD, days=30, marks=int(Mark.AUTOREPLY))
    moved, _ = stand(received(OLD, days=400), away, received(NEW, days=60), received(NEW, days=40))
    assert moved is not None


def test_the_users_word_on_the_address_wins_until_it_bounces() -> None:
    facts = received(OLD, days=400), received(NEW, days=80), received(NEW, days=40)
    _, email = stand(*facts, chosen=["ana.lima@example.org"])
    assert email == "ana.lima@example.org"
    bounced = mail(
        "mailer-daemon@example.com", ME, days=2, failures=(Failure("", "ana.lima@example.org", "5.1.1", True),)
    )
    _, email = stand(*facts, sent(OLD, days=3), bounced, chosen=["ana.lima@example.org"])
    assert email == "alima@example.net"


def test_a_new_address_that_bounces_gets_no_draft() -> None:
    bounced = mail("mailer-daemon@example.com", ME, days=2, failures=(Failure("", "alima@example.net", "5.1.1", True),))
    moved, email = stand(
        received(OLD, days=400), received(NEW, days=80), received(NEW, days=40), sent(NEW, days=3), bounced
    )
    assert moved is not None
    assert email == "ana.lima@example.org"
