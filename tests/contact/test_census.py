"""Is there a person behind an address: the rules that look at what counts."""

from datetime import timedelta

from connectors.types import Answer, Failure, Mark
from daemon.model import Join, Met
from daemon.settings import Listed
from tests.facts import ME, NOW, address, mail, meeting, number_of, of, received, sent, world_of

BULK = int(Mark.LIST_UNSUBSCRIBE)


def nobody(email: str, *facts: object, **more: object) -> str | None:
    world = world_of(*facts, **more)  # type: ignore[arg-type]
    number = world.ledger.number(email)
    assert number is not None
    return world.census.nobody.get(number)


def test_who_only_ever_sent_bulk_mail_is_nobody() -> None:
    assert nobody("shop@acme.example.com", received("Ana Shop <shop@acme.example.com>", marks=BULK)) is not None


def test_one_personal_mail_among_the_bulk_makes_a_person() -> None:
    facts = received("Ana Lima <ana@example.org>", marks=BULK), received("Ana Lima <ana@example.org>")
    assert nobody("ana@example.org", *facts) is None


def test_a_counted_mail_of_mine_makes_a_person() -> None:
    facts = received("Ana Lima <ana@example.org>", marks=BULK), sent("ana@example.org")
    assert nobody("ana@example.org", *facts) is None


def test_a_counted_meeting_makes_a_person() -> None:
    facts = received("Ana Lima <ana@example.org>", marks=BULK), meeting(ME, {"ana@example.org": Answer.ACCEPTED})
    assert nobody("ana@example.org", *facts) is None


def test_a_vacation_reply_a_receipt_or_a_calendar_reply_proves_nothing() -> None:
    for mark in (Mark.AUTOREPLY, Mark.RECEIPT, Mark.CALENDAR):
        assert nobody("ana@example.org", received("Ana Lima <ana@example.org>", marks=int(mark))) is None


def test_who_only_stood_on_cc_may_be_a_person() -> None:
    assert nobody("ana@example.org", mail("Ben Ode <ben@example.net>", [ME, "ana@example.org"])) is None


def test_a_listed_address_is_always_a_person() -> None:
    fact = received("Info <no-reply@acme.example.com>", marks=BULK)
    world = world_of(fact, people=[Listed(name="Ana Lima", emails=("no-reply@acme.example.com",))])
    assert of(world, "no-reply@acme.example.com").person.name == "Ana Lima"


def test_a_role_address_is_nobody_unless_a_human_name_or_two_mails_each_way_say_otherwise() -> None:
    assert nobody("info@acme.example.com", received("Acme <info@acme.example.com>"), sent("info@acme.example.com"))
    assert nobody("info@acme.example.com", received("Ana Lima <info@acme.example.com>")) is None
    both = [received("info@acme.example.com", days=day) for day in (5, 50)] + [
        sent("info@acme.example.com", days=day) for day in (6, 60)
    ]
    assert nobody("info@acme.example.com", *both) is None
    assert nobody("info@acme.example.com", *both[:3]) is not None


def test_a_role_address_in_the_names_of_several_people_is_nobody() -> None:
    one = received("Ana Lima <desk@acme.example.com>")
    assert nobody("desk@acme.example.com", one) is None
    assert nobody("desk@acme.example.com", one, received("Ben Ode <desk@acme.example.com>")) == "role address"
    assert nobody("desk@acme.example.com", received("Ana Lima (Jira) <desk@acme.example.com>")) == "role address"
    assert nobody("jira@acme.example.com", received("jira@acme.example.com")) == "role address"


def test_an_address_that_many_peoples_names_write_from_is_nobody() -> None:
    """Ticket systems do; a couple or a family is still somebody, and so is who wrote to and fro."""
    names = "Ana Lima", "Ben Ode", "Cleo Marsh", "Dan Vale"
    many = [received(f"{name} <track@acme.example.com>") for name in names]
    assert nobody("track@acme.example.com", *many) == "many people's names write from it"
    assert nobody("track@acme.example.com", *many[:3]) is None
    assert nobody("track@acme.example.com", *many, *[sent("track@acme.example.com")] * 2) is not None
    both = [sent("track@acme.example.com", days=day) for day in (5, 9)]
    assert nobody("track@acme.example.com", *many, *both) is None
    more = [received(f"{name} <track@acme.example.com>") for name in ("Eva Kohl", "Finn Reed")]
    assert nobody("track@acme.example.com", *many, *more, *both) is not None  # one answers tickets, too


def test_the_name_of_a_company_and_its_role_is_no_humans() -> None:
    assert nobody("sales@quarry.example.com", received("Quarry Sales <sales@quarry.example.com>")) == "role address"
    assert nobody("nora.sales@example.com", received("Nora Sales <nora.sales@example.com>")) is None
    assert nobody("hr296@example.com", received("hr296@example.com")) is None


def test_a_robot_that_names_a_colleague_writes_no_mail_of_theirs() -> None:
    shared = received(
        "Ana Lima (via Google Docs) <drive-shares-noreply@docs.example.com>", reply_to=address("ana@example.org")
    )
    world = world_of(shared, sent("ana@example.org", days=200))
    assert of(world, "ana@example.org").received == 0


def test_a_domain_of_notices_is_nobodys_unless_two_mails_went_each_way() -> None:
    email = "Ana Lima <ana@notifications.example.com>"
    assert nobody("ana@notifications.example.com", received(email), sent(email)) is not None
    both = [received(email, days=day) for day in (5, 50)] + [sent(email, days=day) for day in (6, 60)]
    assert nobody("ana@notifications.example.com", *both) is None


def test_a_list_that_does_not_say_so_is_known_by_what_reaches_me_through_it() -> None:
    members = "Ana Lima <ana@example.org>", "Ben Ode <ben@example.net>", "Cleo Marsh <cleo@example.com>"
    through = [mail(who, ["sailors@club.example.org", "eva@example.org"], in_sent=False) for who in members]
    assert nobody("sailors@club.example.org", *through, sent("sailors@club.example.org")) is not None
    assert nobody("eva@example.org", *through) is None  # the one that stands on most mails explains them
    assert nobody("sailors@club.example.org", *through[:2]) is None  # somebody may have put me on Bcc
    writes = received("Sailors <sailors@club.example.org>")
    assert nobody("sailors@club.example.org", *through, writes) is None


def test_who_stands_on_copy_of_lists_that_do_not_say_so_is_no_list() -> None:
    """Mail to distribution lists reached me, with somebody on copy who mostly writes from another address."""
    members = "Ana Lima <ana@example.org>", "Ben Ode <ben@example.net>", "Cleo Marsh <cleo@example.com>"
    for copied, known in (
        ("Xenia Lead <xl@corp.example>", ()),
        ("xenia.lead@corp.example", (received("Xenia Lead <xl@corp.example>"),)),
    ):
        through = [mail(who, [f"team{place}@corp.example", copied], in_sent=False) for place, who in enumerate(members)]
        assert nobody(copied.rpartition("<")[2].strip(">"), *through, *known) is None
    lists = [
        mail(who, ["dev@corp.example", "xl@corp.example"], in_sent=False, lists=("dev@corp.example",))
        for who in members
    ]
    assert nobody("xl@corp.example", *lists) is None
    through = [mail(who, ["team@corp.example", "xl@corp.example"], in_sent=False) for who in members]
    met = meeting(ME, {"xl@corp.example": Answer.ACCEPTED})
    assert nobody("xl@corp.example", *through, mail(members[0], "xl@corp.example", in_sent=False), met) is None


def test_a_form_or_a_service_in_the_name_of_somebody_with_an_address_is_not_theirs() -> None:
    ana, form = received("Ana Lima <ana@example.org>"), received("Ana Lima <webform@firm.example>")
    assert nobody("webform@firm.example", form) is None
    assert nobody("webform@firm.example", form, ana) == "role address"
    assert of(world_of(form, ana), "ana@example.org").person.emails == ("ana@example.org",)


def test_one_odd_mail_makes_nobody_a_list() -> None:
    ana = [received("Ana Lima <ana@lima.example>", days=day) for day in (10, 20)]
    via = received("Ana Lima (via Doodle) <ana@lima.example>", marks=BULK)
    assert nobody("ana@lima.example", via, *ana) is None
    assert nobody("ana@lima.example", via) == "mailing list"
    forged = received("News <news@example.net>", marks=BULK, lists=("ana@lima.example",))
    assert nobody("ana@lima.example", forged, *ana) is None
    names = "Bo Ek", "Cy Fox", "Di Gold", "Ed Hall", "Flo Ide", "Gus Jay"
    backscatter = [received(f"{name} <ana@lima.example>") for name in names]
    assert nobody("ana@lima.example", *backscatter, *ana) is None


def test_who_writes_under_my_name_is_asked_about_and_no_friend() -> None:
    other = received("Robin Park <rpark@old.example>"), sent("Robin Park <rpark@old.example>")
    assert nobody("rpark@old.example", *other) is not None
    namesake = Listed(name="Robin Park", emails=("rpark@old.example",))
    assert number_of(world_of(*other, people=[namesake]), "rpark@old.example") >= 0


def test_a_mailing_list_is_nobody_and_its_rewritten_sender_too() -> None:
    listed = received("Ana Lima <ana@example.org>", marks=int(Mark.LIST_ID), lists=("crew@lists.example.com",))
    assert nobody("crew@lists.example.com", listed, sent("crew@lists.example.com")) == "mailing list"
    assert nobody("crew@example.com", received("Ana Lima via Crew <crew@example.com>")) == "mailing list"


def test_an_address_that_only_ever_stood_in_a_reply_to_is_nobody() -> None:
    """Newsletters make one for each mail; under the sender's name it would even become an address of theirs."""
    aside = received("Ana Lima <ana@example.org>", reply_to=address("Ana Lima <r.2037.114@news.example.com>"))
    assert nobody("r.2037.114@news.example.com", aside) == "only ever stood in a Reply-To"
    assert of(world_of(aside), "ana@example.org").person.emails == ("ana@example.org",)
    assert nobody("r.2037.114@news.example.com", aside, sent("r.2037.114@news.example.com")) is None
    rewritten = received("Ana Lima via Crew <crew@example.com>", reply_to=address("Ana Lima <ana@example.org>"))
    assert nobody("ana@example.org", rewritten) is None


def test_who_is_a_person_is_decided_until_nothing_changes() -> None:
    """Six friends and a shop on one mail: the shop is nobody, so the mail counts, so the shop's rule is asked again."""
    friends = [
        f"{name} <{name.split()[0].lower()}@example.org>"
        for name in ("Ana Lima", "Ben Ode", "Cleo Marsh", "Dan Vale", "Eva Kohl", "Finn Reed")
    ]
    world = world_of(
        received("Acme <info@acme.example.com>", marks=BULK), sent([*friends, "info@acme.example.com"], days=10)
    )
    assert of(world, "ana@example.org").last is not None


def test_people_are_merged_by_hand_and_split_by_hand() -> None:
    facts = received("Ana Lima <ana@example.org>"), received("A. <al@example.net>")
    joined = world_of(*facts, joins=[Join(1, ("ana@example.org", "al@example.net"), apart=False, at=NOW)])
    assert number_of(joined, "ana@example.org") == number_of(joined, "al@example.net")
    same = received("Ana Lima <ana@example.org>"), received("Ana Lima <al@example.net>")
    split = world_of(*same, joins=[Join(1, ("al@example.net", "ana@example.org"), apart=True, at=NOW)])
    assert number_of(split, "ana@example.org") != number_of(split, "al@example.net")


def test_namesakes_who_wrote_in_one_thread_stay_two_also_when_only_in_reply_to_ties_them() -> None:
    first = received("Ana Lima <ana@example.org>", thread="t1", message_id="t1")
    second = received("Ana Lima <ana@example.net>", thread="t1")
    third = received("Ana Lima <ana.lima@example.com>", thread=second.message_id)
    world = world_of(first, second, third)
    assert number_of(world, "ana@example.org") != number_of(world, "ana@example.net")
    assert number_of(world, "ana@example.org") != number_of(world, "ana.lima@example.com")


def test_a_listed_person_nobody_ever_wrote_to_is_there_all_the_same() -> None:
    world = world_of(people=[Listed(name="Ana Lima"), Listed(name="Ben Ode", emails=("ben@example.net",))])
    assert {standing.person.name for standing in world.standings} == {"Ana Lima", "Ben Ode"}
    assert all(standing.last is None for standing in world.standings)


def test_a_contact_told_by_hand_counts_and_one_to_come_does_not() -> None:
    coffee = Met(1, ("ana@example.org",), "Ana Lima", NOW - timedelta(days=2), "coffee")
    later = Met(2, ("ana@example.org",), "Ana Lima", NOW + timedelta(days=2), "tea")
    last = of(world_of(received("Ana Lima <ana@example.org>"), mets=[coffee, later]), "ana@example.org").last
    assert last is not None
    assert (last.kind, last.title, last.at) == ("met", "coffee", coffee.at)


def bounce(
    days: float,
    email: str = "ana@example.org",
    status: str = "5.1.1",
    *,
    original: str = "",
    permanent: bool = True,
    unknown: bool = False,
) -> object:
    failure = Failure(original, email, status, permanent, unknown)
    return received("MAILER-DAEMON <mailer-daemon@example.com>", days=days, marks=int(Mark.REPORT), failures=(failure,))


def dead(*facts: object) -> frozenset[str]:
    return of(world_of(*facts), "ana@example.org").dead  # type: ignore[arg-type]


def test_an_address_is_dead_by_a_permanent_5_1_x_and_not_by_5_1_7_or_5_1_8_or_4_x() -> None:
    wrote = sent("Ana Lima <ana@example.org>", days=30)
    assert dead(wrote, bounce(20)) == {"ana@example.org"}
    for status in ("5.1.7", "5.1.8", "4.1.1", "5.2.2", "5.7.1", "5.0.0"):
        assert dead(wrote, bounce(20, status=status)) == frozenset()
    assert dead(wrote, bounce(20, status="5.0.0", unknown=True)) == {"ana@example.org"}
    assert dead(wrote, bounce(20, permanent=False)) == frozenset()


def test_mail_from_it_since_proves_a_dead_address_alive() -> None:
    wrote = sent("Ana Lima <ana@example.org>", days=30)
    assert dead(wrote, bounce(20), received("ana@example.org", days=10)) == frozenset()
    assert dead(wrote, bounce(20), received("ana@example.org", days=25)) == {"ana@example.org"}


def test_the_original_recipient_is_dead_if_i_wrote_to_it_else_the_final_one() -> None:
    wrote = sent("Ana Lima <ana@example.org>", days=30)
    assert dead(wrote, bounce(20, "relay@example.net", original="ana@example.org")) == {"ana@example.org"}
    assert dead(wrote, bounce(20, "ana@example.org", original="stranger@example.net")) == {"ana@example.org"}


def test_where_only_headers_tell_it_takes_two_reports_a_day_apart() -> None:
    wrote = sent("Ana Lima <ana@example.org>", days=30)
    hint = {"status": "", "permanent": False}
    assert dead(wrote, bounce(20, **hint), bounce(19.5, **hint)) == frozenset()  # type: ignore[arg-type]
    assert dead(wrote, bounce(20, **hint), bounce(18.9, **hint)) == {"ana@example.org"}  # type: ignore[arg-type]


def test_a_draft_goes_to_the_address_last_in_contact_that_is_not_dead() -> None:
    facts = received("Ana Lima <ana@example.net>", days=300), sent("Ana Lima <ana@example.org>", days=30)
    assert of(world_of(*facts), "ana@example.org").usable_email == "ana@example.org"
    assert of(world_of(*facts, bounce(20)), "ana@example.org").usable_email == "ana@example.net"  # type: ignore[arg-type]


def test_they_wrote_last_until_i_write_or_we_meet() -> None:
    wrote = received("Ana Lima <ana@example.org>", days=10)
    assert of(world_of(wrote), "ana@example.org").unanswered_at == wrote.dated_at
    assert of(world_of(wrote, sent("ana@example.org", days=9)), "ana@example.org").unanswered_at is None
    crowd = [f"Guest {chr(65 + one)}uest <g{one}@example.net>" for one in range(9)]
    assert of(world_of(wrote, sent(["ana@example.org", *crowd], days=9)), "ana@example.org").unanswered_at is None
    assert (
        of(world_of(wrote, meeting("ana@example.org", {ME: Answer.ACCEPTED}, days=9)), "ana@example.org").unanswered_at
        is None
    )
    vacation = sent("ana@example.org", days=9, marks=int(Mark.AUTO_SUBMITTED))
    assert of(world_of(wrote, vacation), "ana@example.org").unanswered_at == wrote.dated_at
