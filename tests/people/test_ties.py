"""Why addresses were taken for one person's: what `auld why` tells."""

from datetime import UTC, datetime

from daemon.model import Join
from daemon.people import AddressFacts, TieRule, find_ties
from tests.facts import number_of, received, world_of

ANA = AddressFacts("ana@example.org", ("Ana Maria Limberg",))


def test_each_address_but_the_first_is_tied_by_the_strongest_rule() -> None:
    facts = [
        ANA,
        AddressFacts("ana+shop@example.org"),
        AddressFacts("al@example.net", ("LIMBERG, Ana Maria",)),
        AddressFacts("analimberg@example.com"),
        AddressFacts("a.l@old.example.com"),
        AddressFacts("mum@example.com"),
    ]
    hand = Join(1, ("a.l@old.example.com", "al@example.net"), apart=False, at=datetime(2026, 1, 5, tzinfo=UTC))
    ties = find_ties(facts, listed=("ana@example.org", "mum@example.com"), name="Ana Limberg", joins=[hand])
    assert {tie.email: tie.rule for tie in ties} == {
        "mum@example.com": TieRule.LISTED,
        "ana+shop@example.org": TieRule.ADDRESS,
        "al@example.net": TieRule.NAME,
        "a.l@old.example.com": TieRule.BY_HAND,
        "analimberg@example.com": TieRule.LOCAL_PART,
    }
    assert next(tie.name for tie in ties if tie.rule is TieRule.NAME) == "LIMBERG, Ana Maria"


def test_a_split_by_hand_ties_nothing() -> None:
    apart = Join(1, ("a@example.org", "b@example.org"), apart=True, at=datetime(2026, 1, 5, tzinfo=UTC))
    assert find_ties([AddressFacts("a@example.org"), AddressFacts("b@example.org")], joins=[apart]) == ()


def test_the_world_tells_the_ties_of_a_person() -> None:
    world = world_of(
        received("Ana Maria Limberg <ana@example.org>", days=5), received("Ana Maria Limberg <al@example.net>")
    )
    tie = world.ties(number_of(world, "ana@example.org"))[0]
    assert (tie.email, tie.other, tie.rule) == ("al@example.net", "ana@example.org", TieRule.NAME)
    alone = world_of(received("Ana Lima <ana@example.org>"))
    assert alone.ties(number_of(alone, "ana@example.org")) == ()
