"""Mails with many people on them, and mails that reach me or others without saying so."""

from tests.quality.post import mailbox
from tests.quality.truth import DAY
from tests.quality.world import ME, World


def six_people(w: World) -> None:
    """Six other people are few enough: on a mail of mine, and beside the sender on one to me."""
    six = w.some(6)
    w.wrote(six[:3], w.past(), cc=six[3:])
    seven = w.some(7)
    w.got(seven[0], w.past(), to=seven[1:3], cc=seven[3:])


def seven_people(w: World) -> None:
    """Seven other people are too many."""
    w.wrote(w.some(7), w.past(), counts=())
    eight = w.some(8)
    w.got(eight[0], w.past(), to=eight[1:], counts=False)
    many = w.some(min(len(w.friends), 70))
    w.wrote(many, w.past(), counts=())


def sender_among_recipients(w: World) -> None:
    """The sender, put on Cc by themselves, is not counted: beside them there are six."""
    seven = w.some(7)
    w.got(seven[0], w.past(), to=seven[1:4], cc=[*seven[4:], seven[0]])


def six_people_and_others(w: World) -> None:
    """Six people, a no-reply address, two of mine and one person under two addresses: still six."""
    six = w.some(5)
    name = w.names.name()
    person = w.person("twice on a mail", name)
    pair = [w.address(person, name, local="first.last"), w.address(person, name, local="initials")]
    for one in pair:
        w.got(one, w.past(100, 900))
    w.truth.robot("robot", ["no-reply@calendar.example"])
    extra = f"no-reply@calendar.example, {w.me('home')}, robin+lists@example.com"
    w.truth.mine.add("robin+lists@example.com")
    w.wrote([*six, *pair], w.past(20, 90), extra=extra)


def six_people_and_robots(w: World) -> None:
    """A mail to me that six others and some addresses of nobody got, too; and one with a named group on To."""
    seven = w.some(7)
    w.truth.robot("robot", ["no-reply@calendar.example", "notifications@board.example"])
    w.got(seven[0], w.past(), to=seven[1:], extra="no-reply@calendar.example, notifications@board.example")
    newsletter, role = f"news@paper{w.dice.randrange(10**5)}.example", f"info@paper{w.dice.randrange(10**5)}.example"
    w.robot("newsletter", "The Paper", newsletter, w.past(), head="List-Unsubscribe: <https://example.com/u>\n")
    w.truth.robot("role", [role])
    for extra in (newsletter, role):
        w.wrote(w.some(6), w.past(), extra=extra)
    three = w.some(3)
    w.wrote([three[0]], w.past(), extra=f"Friends: {w.to(three[1:])};", counts=[one.owner for one in three])


def hidden_me(w: World) -> None:
    """A mail that reached me by Bcc, or with nobody on To."""
    one, other = w.some(2)
    w.got(one, w.past(), me="", to=[other], counts=False)
    w.got(other, w.past(), me="", extra="undisclosed-recipients:;", counts=False)


def hidden_others(w: World) -> None:
    """A mail of mine to one friend, with others on Bcc: it counts for the one alone."""
    some = w.some(8)
    w.wrote([some[0]], w.past(), head=f"Bcc: {w.to(some[1:])}\n")


def stranger(w: World) -> None:
    """Somebody who only ever stood on Cc of others' mails: a person, without contact."""
    name = w.names.name()
    one = w.address(w.person("stranger", name), name)
    w.got(w.friend(), w.past(), cc=[one])


def mail_to_myself(w: World) -> None:
    """A note to myself, which lies in the inbox too, and a mail of mine to a friend that only lies there."""
    w.post.put("home/Sent", w.past(), sender=w.me("home"), to=w.me("work"), received=None)
    w.post.copy("work/Received", "home/Sent", later=30)
    one, at = w.friend(), w.past()
    w.post.put("home/Inbox", at, sender=w.me("home"), to=w.to([one]), cc=w.me("home"))
    one.owner.sent(at)


def same_moment(w: World) -> None:
    """Mails both ways and the end of a meeting at one moment: mine goes before the meeting, that before theirs."""
    one, other = (w.newcomer("same moment", account="home") for _ in range(2))
    at = w.ago(w.dice.randrange(20, 500)) // 60 * 60
    w.got(one, at)
    w.wrote([one], at)
    w.meet(at - 3600, [(one, "ACCEPTED")], counts=[one.owner])
    w.got(other, at)
    w.meet(at - 3600, [(other, "ACCEPTED")], counts=[other.owner])
    w.got(one, at - 40 * DAY)


def plus_tags(w: World) -> None:
    """Mail to addresses of mine with a plus-tag, and one that I wrote from such."""
    one = w.friend()
    tagged = f"robin+tag{w.dice.randrange(10**4)}@example.com"
    w.truth.mine.add(tagged)
    w.got(one, w.past(), me=tagged)
    w.wrote([one], w.past(), me=mailbox("", tagged), account="home")
    w.got(one, w.past(), me=mailbox("R. Park", ME["work"][1].upper()))
