"""Addresses that are mine, and those that are not although they lie in my Sent."""

from tests.quality.post import mailbox
from tests.quality.truth import DAY
from tests.quality.world import ME, MIXED, SENT, World


def alias(w: World) -> None:
    """An address of mine that nobody told of: what lies in Sent shows it; mail to it is mail to me."""
    email = f"r.park{w.dice.randrange(10**4)}@studio.example"
    w.truth.mine.add(email)
    w.truth.learned.add(email)
    me = mailbox(
        w.dice.choice(("Robin Park", "R. Park", "Park, Robin", "ROBIN PARK", "Robin", "Dr. Robin J. Park", "")), email
    )
    some = w.some(3)
    for one in some:
        for _ in range(w.dice.randrange(1, 5)):
            w.wrote([one], w.past(), me=me, account="home")
        w.got(one, w.past(), me=me)
    w.wrote(w.some(6), w.past(), extra=email, account="home")  # an address of mine is nobody else
    w.wrote([w.friend()], w.past(), me=me, box=MIXED, head="X-Gmail-Labels: Sent\n")
    w.wrote([w.friend()], w.past(), me=me, account="home")
    w.post.copy("home/Inbox", SENT["home"], later=5)  # the same Message-ID outside Sent speaks against nothing


def friend_in_sent(w: World) -> None:
    """Friends' mails that lie in Sent by mistake; both write elsewhere, too."""
    one = w.friend()
    w.got(one, w.past(), box=SENT["home"], me=w.me("home"))
    other = w.newcomer("in Sent", account="home")
    w.befriend(other, 30, 900)
    w.got(other, w.past(20, 900), box=SENT["home"])


def friend_only_in_sent(w: World) -> None:
    """A friend whose only mail lies in Sent, but whom I wrote more often than they wrote."""
    one = w.newcomer("only in Sent", account="home")
    at = w.past(30, 900)
    for turn in range(3):
        w.wrote([one], at + turn * 3 * DAY)
    w.got(one, at + 4 * DAY, box=SENT["home"])


def listed_in_sent(w: World) -> None:
    """Somebody in ``[[people]]`` whose mails lie in Sent."""
    one = w.newcomer("listed, in Sent", account="home")
    one.owner.listed = True
    one.owner.called = one.usual.greets
    w.entries.append(f'[[people]]\nname = "{one.usual.text}"\nemails = ["{one.email}"]\n')
    for _ in range(3):
        w.got(one, w.past(), box=SENT["home"])


def forged_me(w: World) -> None:
    """Spam that names me as its sender, to me."""
    w.post.put("home/Inbox", w.past(), sender=mailbox("Robin", ME["home"][1]), to=w.me("home"))
