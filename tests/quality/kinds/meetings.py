"""Meetings of one occurrence: who answered what, who organises, and entries that are no meetings."""

from tests.quality.agenda import day_stamp, invite, local_stamp, zoned
from tests.quality.truth import DAY, NOW
from tests.quality.world import ME, World

YES, NO, MAYBE, OPEN = "ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS-ACTION"
_ROOMS = (
    invite("Room 4", "room4@northlab.example", YES, more=";CUTYPE=ROOM"),
    invite("Projector", "projector@northlab.example", "", more=";CUTYPE=RESOURCE"),
    invite("Everybody", "everybody@northlab.example", "", more=";CUTYPE=GROUP"),
)


def _start(w: World) -> int:
    """Return a full quarter of an hour, over for two days at least."""
    return w.past() // 900 * 900


def two_of_us(w: World) -> None:
    """Just the two of us, whoever asked: it counts unless one of us declined, or I did not answer."""
    one, two, three, four, five = w.some(5)
    w.meet(_start(w), [(one, YES)], counts=[one.owner])
    w.meet(_start(w), [(two, w.dice.choice((MAYBE, OPEN, "")))], counts=[two.owner], signs=[])
    w.meet(_start(w), [(three, YES)], by=three, counts=[three.owner])
    w.meet(_start(w), [], by=four, counts=[four.owner])
    w.meet(_start(w), [(five, NO)])


def my_answer(w: World) -> None:
    """Meetings of others that I declined, or did not quite accept, or was not invited to."""
    for answer in (NO, MAYBE, OPEN, "", "-"):
        one, other = w.some(2)
        w.meet(_start(w), [(one, YES), (other, YES)], by=one, mine=answer)


def three_of_us(w: World) -> None:
    """Of two others who accepted counts, who is tentative or did not answer does not."""
    one, other = w.some(2)
    w.meet(_start(w), [(one, YES), (other, w.dice.choice((MAYBE, OPEN)))], counts=[one.owner])
    one, other = w.some(2)
    w.meet(_start(w), [(one, OPEN), (other, YES)], by=other, counts=[other.owner], account="work")
    one, other = w.some(2)  # one of two others declined, so it is just the two of us
    w.meet(_start(w), [(one, OPEN), (other, NO)], counts=[one.owner], signs=[])


def many_of_us(w: World) -> None:
    """Six others are few enough, seven too many unless one of them declined, ninety-two far too many."""
    six = w.some(6)
    w.meet(_start(w), [(one, YES) for one in six], counts=[one.owner for one in six])
    seven = w.some(7)
    w.meet(_start(w), [(one, YES) for one in seven])
    w.meet(_start(w), [(one, YES) for one in seven], by=seven[0])
    w.meet(_start(w), [*((one, YES) for one in seven[1:]), (seven[0], NO)], counts=[one.owner for one in seven[1:]])
    crowd = w.some(min(len(w.friends), 91))
    lines = [invite("", f"guest{number}@crowd.example", YES) for number in range(91 - len(crowd))]
    w.meet(_start(w), [(one, YES) for one in crowd], by=crowd[0], lines=lines)


def assistant(w: World) -> None:
    """A meeting that somebody's assistant organises: both are there, the organiser is taken for coming."""
    boss = w.friend()
    helper = w.newcomer("assistant")
    w.got(helper, w.past())
    w.meet(_start(w), [(boss, YES)], by=helper, counts=[boss.owner, helper.owner])
    w.meet(_start(w), [(boss, OPEN)], by=helper, counts=[helper.owner])


def rooms(w: World) -> None:
    """Rooms, equipment and groups of people are nobody: it is just the two of us."""
    w.truth.robot("room", ("room4@northlab.example", "projector@northlab.example", "everybody@northlab.example"))
    hall = "c_188abc@resource.calendar.google.com"
    w.truth.robot("room", [hall])
    one, other = w.some(2)
    w.meet(_start(w), [(one, OPEN)], lines=_ROOMS, counts=[one.owner], signs=[])
    w.meet(_start(w), [(other, OPEN)], lines=[invite("Hall", hall, YES)], counts=[other.owner], signs=[])
    six = w.some(6)
    w.meet(_start(w), [(one, YES) for one in six], lines=_ROOMS, counts=[one.owner for one in six])


def other_guests(w: World) -> None:
    """Somebody invited at both their addresses; a mailing list, a no-reply address; and I, who am not on the list."""
    name = w.names.name()
    person = w.person("invited twice", name)
    pair = [w.address(person, name, local=local, account="home") for local in ("first.last", "initials")]
    for one in pair:
        w.got(one, w.past())
    w.meet(_start(w), [(pair[0], YES), (pair[1], OPEN)], counts=[person])
    email = f"choir@lists{w.dice.randrange(10**6)}.example"
    w.truth.robot("list", [email])
    w.got(w.friend(), w.past(), me="", extra=email, counts=False, head=f"List-Post: <mailto:{email}>\n")
    one, other = w.some(2)
    lines = [invite("Choir", email, YES), invite("", "no-reply@calendar.example", YES)]
    w.truth.robot("robot", ["no-reply@calendar.example"])
    w.meet(_start(w), [(one, OPEN)], lines=lines, counts=[one.owner], signs=[])
    w.meet(_start(w), [(other, YES)], mine="-", counts=[other.owner])


def met_author(w: World) -> None:
    """Somebody of whom there is bulk mail and a meeting: the meeting makes somebody of them."""
    one = w.newcomer("met author")
    for _ in range(3):
        w.got(one, w.past(), counts=False, head="List-Unsubscribe: <https://letters.example/u>\n")
    w.meet(_start(w), [(one, YES)], by=one, counts=[one.owner])


def no_meetings(w: World) -> None:
    """Entries that are none: all-day, cancelled, out of office, working elsewhere, with nobody."""
    one = w.friend()
    start = _start(w)
    w.meet(start, [(one, YES)], times=(day_stamp(start), day_stamp(start, 1)))
    w.meet(_start(w), [(one, YES)], lines=["STATUS:CANCELLED"])
    for busy in ("OOF", "WORKINGELSEWHERE"):
        w.meet(_start(w), [(one, YES)], lines=[f"X-MICROSOFT-CDO-BUSYSTATUS:{busy}"])
    start = _start(w)
    w.agenda.put("home", w.agenda.uid(), zoned("Europe/Amsterdam", start), zoned("Europe/Amsterdam", start + 1800), [])
    w.agenda.put(
        "home",
        w.agenda.uid(),
        day_stamp(start),
        day_stamp(start, 5),
        ["SUMMARY:Away", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"],
    )


def busy_or_free(w: World) -> None:
    """Whatever else an entry says of my time is an ordinary meeting."""
    for busy in ("FREE", "BUSY", "TENTATIVE"):
        one = w.friend()
        lines = [f"X-MICROSOFT-CDO-BUSYSTATUS:{busy}", "TRANSP:TRANSPARENT", "STATUS:CONFIRMED"]
        w.meet(_start(w), [(one, YES)], lines=lines, counts=[one.owner])


def clocks(w: World) -> None:
    """Times without a zone, in mine, under Windows' name of it, and in a zone that only the calendar explains."""
    start = _start(w) // DAY * DAY + 20 * 3600  # evening, when another zone would be another day
    end = start + 2 * 3600
    for times in (
        (f":{local_stamp(start)}", f":{local_stamp(end)}"),
        (zoned("Europe/Amsterdam", start), zoned("Europe/Amsterdam", end)),
        (zoned("W. Europe Standard Time", start), zoned("W. Europe Standard Time", end)),
    ):
        one = w.friend()
        w.meet(start, [(one, YES)], times=times, lasts=end, counts=[one.owner])
    one = w.friend()
    winter = (NOW - w.dice.randrange(1, 4) * 365 * DAY) // DAY * DAY + 4 * 3600  # in November, after summer time
    stamp = f"{local_stamp(winter - 6 * 3600)}"  # New York is six hours behind Amsterdam
    later = f"{local_stamp(winter - 5 * 3600)}"
    zone = ";TZID=Company/East Coast"
    w.meet(winter, [(one, YES)], times=(f"{zone}:{stamp}", f"{zone}:{later}"), lasts=winter + 3600, counts=[one.owner])


def two_calendars(w: World) -> None:
    """One meeting in both calendars: the higher SEQUENCE wins, else the later change; a known answer beats none."""
    one, two, three = w.some(3)
    start = _start(w)
    w.meet(start, [(one, YES)], calendars=("home", "work"), counts=[one.owner])
    start = _start(w)
    uid = w.meet(start - 3 * 3600, [], by=two, lines=["SEQUENCE:0"], calendars=["home"])
    w.meet(start, [], by=two, lines=["SEQUENCE:2"], uid=uid, calendars=["work"], counts=[two.owner])
    start = _start(w)
    older, newer = (["LAST-MODIFIED:20200102T080000Z"], ["LAST-MODIFIED:20200103T080000Z"])
    uid = w.meet(start - 5 * 3600, [], by=three, lines=older, calendars=["work"])
    w.meet(start, [], by=three, lines=newer, uid=uid, calendars=["home"], counts=[three.owner])
    start, (four, five) = _start(w), w.some(2)
    uid = w.meet(start, [(four, ""), (five, YES)], calendars=["home"], counts=[four.owner, five.owner])
    w.meet(start, [(four, YES), (five, "")], uid=uid, calendars=["work"])


def met_only(w: World) -> None:
    """People whom only the calendar knows."""
    one, other = (w.newcomer("met only") for _ in range(2))
    w.meet(_start(w), [(one, YES)], counts=[one.owner])
    w.meet(_start(w), [(other, YES)], by=other, counts=[other.owner])


def ahead(w: World) -> None:
    """Meetings to come, and one that has begun but not ended."""
    one, two, three, four, five = (
        w.newcomer(kind) for kind in ("meeting ahead", "declines ahead", "declined ahead", "under way", "over just now")
    )
    soon = NOW + w.dice.randrange(2, 40) * DAY
    for each in (one, two, three, four, five):
        w.got(each, w.past(5, 50))
    w.meet(soon, [(one, OPEN)], ahead=[one.owner])
    w.meet(soon + DAY, [(one, YES)], ahead=[one.owner])
    w.meet(soon, [(two, NO)])
    w.meet(soon, [(three, YES)], by=three, mine=NO)
    w.meet(NOW - 600, [(four, YES)])
    w.meet(NOW - 3600, [(five, YES)], counts=[five.owner])


def aliases_invited(w: World) -> None:
    """I am invited under my other address, too, and answered from one of them."""
    one = w.friend()
    w.meet(_start(w), [(one, YES)], by=one, mine=OPEN, lines=[invite("", ME["work"][1], YES)], counts=[one.owner])
