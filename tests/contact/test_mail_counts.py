"""What counts as contact: mail. Each test names the rule."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.types import Address, Mail, Mark
from daemon.model import Kind
from tests.facts import ME, NOW, evidence_of, mail, meeting, number_of, of, received, sent, world_of

ANA = "Ana Lima <ana@example.org>"


def test_a_mail_of_mine_counts_for_everybody_on_to_and_cc() -> None:
    world = world_of(sent([ANA, "Ben Ode <ben@example.net>"], days=10))
    for email in ("ana@example.org", "ben@example.net"):
        last = of(world, email).last
        assert last is not None
        assert (last.kind, last.at, last.people) == (Kind.SENT, NOW - timedelta(days=10), 2)


def test_a_mail_to_me_counts_for_its_sender_only() -> None:
    world = world_of(mail(ANA, [ME, "Ben Ode <ben@example.net>"], days=10))
    last = of(world, "ana@example.org").last
    assert last is not None
    assert last.kind is Kind.RECEIVED
    assert of(world, "ben@example.net").last is None


def test_a_mail_that_is_not_to_me_does_not_count() -> None:
    world = world_of(mail(ANA, ["list@example.net"], days=10))
    assert of(world, "ana@example.org").last is None
    assert evidence_of(world, "ana@example.org").uncounted[0].rule == "you are not on To or Cc"


@pytest.mark.parametrize("mark", list(Mark))
def test_bulk_and_automatic_mail_never_counts(mark: Mark) -> None:
    world = world_of(sent(ANA, days=300), received(ANA, days=10, marks=int(mark)))
    last = of(world, "ana@example.org").last
    assert last is not None
    assert last.kind is Kind.SENT
    assert len(evidence_of(world, "ana@example.org").uncounted) == 1


def test_my_own_out_of_office_mail_is_no_contact() -> None:
    world = world_of(sent(ANA, days=300), sent(ANA, days=5, marks=int(Mark.AUTO_SUBMITTED)))
    assert of(world, "ana@example.org").days == [(NOW - timedelta(days=300)).toordinal()]


def friends(number: int) -> list[str]:
    names = ["Ana Lima", "Ben Ode", "Cleo Marsh", "Dan Vale", "Eva Kohl", "Finn Reed", "Gus Toll", "Hana Ito"]
    return [f"{name} <{name.split()[0].lower()}@example.org>" for name in names[:number]]


@pytest.mark.parametrize(("others", "counts"), [(6, True), (7, False)])
def test_a_mail_of_mine_counts_up_to_max_people_persons(others: int, counts: bool) -> None:
    world = world_of(sent(friends(others), days=10))
    assert (of(world, "ana@example.org").last is not None) is counts


@pytest.mark.parametrize(("others", "counts"), [(6, True), (7, False)])
def test_in_a_mail_to_me_the_sender_is_not_among_max_people(others: int, counts: bool) -> None:
    world = world_of(mail("Zoe Quill <zoe@example.net>", [ME, "zoe@example.net", *friends(others)], days=10))
    assert (of(world, "zoe@example.net").last is not None) is counts


def test_two_addresses_of_one_person_are_one_of_max_people() -> None:
    world = world_of(
        received("Ana Lima <ana@example.org>"), received("Ana Lima <ana.lima@example.net>"),
        sent([*friends(6), "ana.lima@example.net"], days=10),
    )  # fmt: skip
    last = of(world, "ana@example.org").last
    assert last is not None
    assert (last.kind, last.people) == (Kind.SENT, 6)


def test_addresses_with_nobody_behind_them_do_not_make_a_crowd() -> None:
    world = world_of(
        sent([*friends(6), "no-reply@example.com", "crew@lists.example.com"], lists=("crew@lists.example.com",))
    )
    assert of(world, "ana@example.org").last is not None


def test_a_mail_from_the_future_does_not_count_but_a_clock_a_day_off_is_forgiven() -> None:
    world = world_of(received(ANA, days=-0.9), received("Ben Ode <ben@example.net>", days=-1.1))
    last = of(world, "ana@example.org").last
    assert last is not None
    assert last.at == NOW
    assert of(world, "ben@example.net").last is None
    assert evidence_of(world, "ben@example.net").uncounted[0].rule == "its date lies in the future"


@pytest.mark.parametrize(
    ("dated", "arrived", "moment"),
    [
        (datetime(2020, 5, 1, tzinfo=UTC), None, datetime(2020, 5, 1, tzinfo=UTC)),
        (datetime(2020, 5, 1, tzinfo=UTC), datetime(2020, 5, 1, 20, tzinfo=UTC), datetime(2020, 5, 1, tzinfo=UTC)),
        (datetime(2020, 5, 1, tzinfo=UTC), datetime(2020, 5, 3, tzinfo=UTC), datetime(2020, 5, 3, tzinfo=UTC)),
        (datetime(1970, 1, 1, tzinfo=UTC), datetime(2020, 5, 3, tzinfo=UTC), datetime(2020, 5, 3, tzinfo=UTC)),
        (datetime(2099, 1, 1, tzinfo=UTC), datetime(2020, 5, 3, tzinfo=UTC), datetime(2020, 5, 3, tzinfo=UTC)),
        (None, datetime(2020, 5, 3, tzinfo=UTC), datetime(2020, 5, 3, tzinfo=UTC)),
    ],
)
def test_the_moment_is_the_date_unless_it_is_unbelievable(
    dated: datetime | None, arrived: datetime | None, moment: datetime
) -> None:
    world = world_of(received(ANA, dated_at=dated, received_at=arrived))
    last = of(world, "ana@example.org").last
    assert last is not None
    assert last.at == moment


def test_a_mail_without_any_moment_does_not_count() -> None:
    world = world_of(
        received(ANA, days=9), received(ANA, dated_at=None), received(ANA, dated_at=datetime(1970, 1, 1, tzinfo=UTC))
    )
    assert len(evidence_of(world, "ana@example.org").counted) == 1


def test_the_same_mail_seen_twice_is_one_and_the_sent_copy_gives_moment_and_account() -> None:
    one = sent(ANA, days=10)
    ledger = world_of(one).ledger
    ledger.add_mails(
        "other",
        [
            Mail(
                one.message_id,
                NOW - timedelta(days=11),
                None,
                one.sender,
                one.recipients,
                one.subject,
                one.thread,
                in_sent=False,
            )
        ],
    )
    world = world_of(ledger=ledger)
    evidence = evidence_of(world, "ana@example.org")
    assert [(contact.at, contact.account) for contact in evidence.counted] == [(NOW - timedelta(days=10), "archive")]


def test_of_two_received_copies_the_earliest_gives_the_moment() -> None:
    one = received(ANA, days=10)
    ledger = world_of(one).ledger
    ledger.add_mails(
        "other",
        [
            Mail(
                one.message_id,
                NOW - timedelta(days=11),
                None,
                one.sender,
                one.recipients,
                one.subject,
                one.thread,
                in_sent=False,
            )
        ],
    )
    last = of(world_of(ledger=ledger), "ana@example.org").last
    assert last is not None
    assert (last.at, last.account) == (NOW - timedelta(days=11), "other")


def test_a_mail_counts_if_any_copy_counts() -> None:
    one = received(ANA, days=10, marks=int(Mark.LIST_ID))
    ledger = world_of(one).ledger
    ledger.add_mails(
        "other",
        [Mail(one.message_id, one.dated_at, None, one.sender, one.recipients, one.subject, one.thread, in_sent=False)],
    )
    assert of(world_of(ledger=ledger), "ana@example.org").last is not None


def test_without_message_id_sender_moment_and_subject_tell_mails_apart() -> None:
    def nameless(subject: str) -> Mail:
        return received(ANA, days=10, message_id="", subject=subject)

    world = world_of(nameless("Hello"), nameless("Hello"), nameless("Hello again"))
    assert len(evidence_of(world, "ana@example.org").counted) == 2


def test_at_the_same_moment_sent_wins_over_meeting_and_meeting_over_received() -> None:
    at = NOW - timedelta(days=10)
    from connectors.types import Answer

    talk = meeting(ME, {"ana@example.org": Answer.ACCEPTED}, start=at - timedelta(hours=1), end=at)
    world = world_of(received(ANA, days=10), talk)
    last = of(world, "ana@example.org").last
    assert last is not None
    assert last.kind is Kind.MEETING
    last = of(world_of(received(ANA, days=10), talk, sent(ANA, days=10)), "ana@example.org").last
    assert last is not None
    assert last.kind is Kind.SENT


def test_contact_days_are_local_days() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # the 2nd in Amsterdam
    world = world_of(received(ANA, dated_at=late), received(ANA, dated_at=late + timedelta(hours=2)))
    assert of(world, "ana@example.org").days == [datetime(2026, 3, 2, tzinfo=UTC).toordinal()]


def test_titles_are_kept_for_the_newest_five_only() -> None:
    world = world_of(*(received(ANA, days=day) for day in range(10, 20)))
    titles = [contact.title for contact in evidence_of(world, "ana@example.org").counted]
    assert [title is not None for title in titles] == [True] * 5 + [False] * 5
    assert len(world.wanted_titles()) == 5


def test_a_recipient_list_too_long_to_be_told_never_counts() -> None:
    world = world_of(sent([ANA], days=10, truncated=True))
    assert of(world, "ana@example.org").last is None


def test_the_user_is_never_a_person_plus_tags_included() -> None:
    world = world_of(sent(["robin+shop@example.com", ANA], days=10), received("Robin <robin+shop@example.com>"))
    assert world.find(["robin+shop@example.com"]) is None
    last = of(world, "ana@example.org").last
    assert last is not None
    assert last.people == 1


def test_an_address_written_from_in_sent_is_learned_as_mine() -> None:
    old = "Robin Park <robin@old-job.example.net>"
    world = world_of(mail(old, ANA, in_sent=True), mail(old, ANA, in_sent=True))
    assert world.find(["robin@old-job.example.net"]) is None
    assert of(world, "ana@example.org").sent == 2


def test_no_alias_is_learned_that_also_writes_to_me() -> None:
    world = world_of(mail("Ana Lima <ana@example.org>", "x@example.net", in_sent=True), received(ANA))
    assert number_of(world, "ana@example.org") >= 0


def test_no_alias_is_learned_that_gets_more_of_my_mail_than_it_sends() -> None:
    world = world_of(mail(ANA, "x@example.net", in_sent=True), sent(ANA), sent(ANA, days=30))
    assert number_of(world, "ana@example.org") >= 0


def test_a_friends_mail_that_lies_in_sent_makes_no_friend_me() -> None:
    """By their name; and where there is none, because their mail there is to me."""
    named = world_of(mail("Ana Lima <ana@example.org>", "x@example.net", in_sent=True), sent("ben@example.net"))
    assert number_of(named, "ana@example.org") >= 0
    nameless = world_of(*[mail("ana@example.org", ME, in_sent=True) for _ in range(3)])
    assert number_of(nameless, "ana@example.org") >= 0
    assert nameless.doubted
    thread = world_of(*[mail("Carl Vogt <carl@vogt.example>", "dora@example.net", in_sent=True) for _ in range(4)])
    assert number_of(thread, "carl@vogt.example") >= 0


def test_an_office_of_mine_is_learned_by_what_is_written_from_it() -> None:
    board = "Choir Board <board@choir.example.org>"
    world = world_of(*[mail(board, f"{name}@example.net", in_sent=True) for name in ("ana", "ben", "cleo")])
    assert world.find(["board@choir.example.org"]) is None


@pytest.mark.parametrize("name", ["Robin Park", "R. Park", "Park, Robin", "robin", "", "Robin Lindgren", "The Bakery"])
def test_an_alias_is_learned_under_any_name_that_can_be_mine(name: str) -> None:
    world = world_of(mail(f"{name} <bakery@example.net>", ANA, in_sent=True), sent(ANA))
    assert world.find(["bakery@example.net"]) is None


def test_a_copy_of_my_own_mail_outside_sent_does_not_unlearn_the_alias() -> None:
    one = mail("Robin Park <robin@old-job.example.net>", ANA, in_sent=True)
    ledger = world_of(one).ledger
    ledger.add_mails(
        "archive",
        [Mail(one.message_id, one.dated_at, None, one.sender, one.recipients, one.subject, one.thread, in_sent=False)],
    )
    assert world_of(ledger=ledger).find(["robin@old-job.example.net"]) is None


def test_a_mail_names_its_real_author_only_when_known() -> None:
    via = received("'Ana Lima' via Crew <crew@lists.example.com>", reply_to=Address("ana@example.org", "Ana Lima"))
    world = world_of(via)
    assert world.find(["crew@lists.example.com"]) is None
    assert of(world, "ana@example.org").received == 1
    unknown = world_of(received("'Ana Lima' via Crew <crew@lists.example.com>"))
    assert [standing.received for standing in unknown.standings] == []


def test_who_wants_answers_elsewhere_is_still_the_sender() -> None:
    world = world_of(received(ANA, reply_to=Address("ana@example.net", "Ana Lima")))
    assert of(world, "ana@example.org").received == 1
