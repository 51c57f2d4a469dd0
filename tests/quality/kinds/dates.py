"""Mails whose Date cannot be believed, and mails from the future."""

from tests.quality.post import date_field
from tests.quality.truth import DAY, NOW
from tests.quality.world import World

_HOUR = 3600


def unbelievable(w: World) -> None:
    """A Date that is missing, unreadable, before 1990 or far off: the top Received tells when it was."""
    for date in ("", "yesterday evening", "Tue, 32 Foo 2024 25:61:00", "Thu, 1 Jan 1970 00:00:00 +0000", "0"):
        at, late = w.past(), w.dice.randrange(5, 4000)
        w.got(w.friend(), at, date=date, received=late, filed=late + 9, moment=at + late)
    for days in (-3000, -400, -2, 2, 35, 3000):
        at = w.past()
        w.got(w.friend(), at, date=date_field(at + days * DAY), moment=at + 2)


def no_received(w: World) -> None:
    """Such a Date and no Received: the From_ line, or the name of the file, tells when it came.

    Most mails there have an ordinary Date: else these would be boxes that somebody copied, whose times tell nothing.
    """
    for box in ("", "", "work/INBOX/"):
        for _ in range(5):
            w.got(w.friend(), w.past(), received=None, box=box)
    for date in ("", "nonsense", "Mon, 2 Jan 1989 10:00:00 +0000"):
        at = w.past()
        w.got(w.friend(), at, date=date, received=None, filed=77, moment=at + 77)
        w.got(w.friend(), at + 5, date=date, received=None, filed=50, moment=at + 55, box="work/INBOX/")
    at = w.past()
    w.got(w.friend(), at, date=date_field(at - 40 * DAY), received=None, filed=4, moment=at + 4)
    at = w.past()
    w.wrote([one := w.friend()], at, date="", counts=(), filed=0)
    one.owner.sent(at)


def no_time_at_all(w: World) -> None:
    """No Date, no Received, and no time in the From_ line: the mail does not count."""
    w.got(w.friend(), w.past(), date="", received=None, filed=None, counts=False)


def within_a_day(w: World) -> None:
    """A Date that is less than a day away from the Received: the Date tells."""
    for hours in (-23, -5, 5, 23):
        at = w.past()
        w.got(w.friend(), at, received=hours * _HOUR, filed=hours * _HOUR)


def zones(w: World) -> None:
    """Dates as they are written in odd ways that RFC 5322 allows, near midnight."""
    at = w.past() // DAY * DAY + 22 * _HOUR + w.dice.randrange(120) * 60
    for text in (
        date_field(at, 0).replace("+0000", "GMT"),
        date_field(at, 0).replace("+0000", "-0000"),
        date_field(at, 0).partition(", ")[2],
        date_field(at, -300).replace("-0500", "EST"),
        date_field(at, -420).replace("-0700", "PDT"),
        date_field(at, 120) + " (CEST)",
        date_field(at, 345),
        date_field(at, 60).replace(f":{at % 60:02} +", " +"),
    ):
        w.got(w.friend(), at, date=text)


def ahead(w: World) -> None:
    """Up to a day ahead is now, because clocks differ; what is later does not count, unless it was received before."""
    one, two, three = (w.newcomer("ahead") for _ in range(3))
    w.got(one, NOW + 5 * _HOUR, moment=NOW)
    w.got(two, NOW + 3 * DAY, counts=False)
    w.got(two, w.ago(40))
    at = w.past(2, 90)
    w.got(three, at, date=date_field(NOW + 300 * DAY), moment=at + 2)
