"""Rule "Not merged, only suggested in `auld check`": a distinctive local part at two domains, namesakes in a thread."""

from datetime import UTC, datetime

from daemon.model import Join
from daemon.people import AddressFacts, find_suspects


def _suspects(*emails: str, groups: list[int] | None = None) -> tuple[tuple[str, str], ...]:
    return find_suspects([AddressFacts(email) for email in emails], groups or list(range(len(emails))))


def test_the_same_distinctive_local_part_at_two_domains_is_suggested() -> None:
    assert _suspects("czgdp1807@example.com", "lee@example.com", "czgdp.1807@example.org") == ()
    assert _suspects("lakshmih99@example.org", "lee@example.com", "lakshmi.h99@example.com") == (
        ("lakshmi.h99@example.com", "lakshmih99@example.org"),
    )


def test_what_is_merged_already_is_not_suggested() -> None:
    assert _suspects("lakshmih@example.org", "lakshmih@example.com", groups=[0, 0]) == ()


def test_short_and_common_local_parts_and_roles_are_not_suggested() -> None:
    assert _suspects("lee@example.org", "lee@example.com") == ()
    assert _suspects("customerservice@example.org", "customerservice@example.com") == ()
    assert _suspects(*(f"alexander@mail{n}.example" for n in range(4))) == ()


def test_what_the_user_split_by_hand_is_not_suggested_again() -> None:
    facts = [AddressFacts("lakshmih@example.org"), AddressFacts("lakshmih@example.com")]
    split = Join(1, ("lakshmih@example.com", "lakshmih@example.org"), apart=True, at=datetime(2024, 5, 1, tzinfo=UTC))
    assert find_suspects(facts, [0, 1], joins=[split]) == ()
    assert find_suspects(facts, [0, 1]) != ()


def test_two_of_one_name_who_were_kept_apart_are_suggested() -> None:
    facts = [AddressFacts("ana@example.org", ("Ana Limberg",)), AddressFacts("al@example.org", ("Limberg, Ana",))]
    assert find_suspects(facts, [0, 1]) == (("al@example.org", "ana@example.org"),)
    shared = AddressFacts("home@example.org", ("Ana Limberg", "Robert Johansson"))
    assert find_suspects([facts[0], shared], [0, 1]) == ()
    many = [AddressFacts(f"a{number}@example.org", ("Ana Limberg",)) for number in range(4)]
    assert find_suspects(many, list(range(4))) == ()


def test_the_list_is_bounded() -> None:
    emails = [
        f"{chr(97 + n % 26) * 4}{chr(97 + n // 26) * 4}@{host}.example" for n in range(100) for host in ("a", "b")
    ]
    assert len(_suspects(*emails)) == 20
