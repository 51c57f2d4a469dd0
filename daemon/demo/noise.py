"""The rest of the mailbox: bulk, robots, lists and crowds, none of it personal contact, with a trap in each.

Much of it is dated after the last true contact with someone who is due, so that taking it for contact would show.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from daemon.demo.cast import CLUB, ROBIN, STAFF, Mailbox, named
from daemon.demo.times import moment
from daemon.demo.wire import PLAIN, Letter, message_id

_BODY: Final = "There is more behind the link. You get this because you signed up for it."
_DAWN: Final = 7 * 60
_WAKING: Final = 14 * 60
_LEAVE: Final = "List-Unsubscribe: <https://lists.example.net/leave>"
_SAILING: Final = (
    "List-Id: Sailing club <sailing.lists.example.org>",
    "List-Post: <mailto:sailing@lists.example.org>",
    "X-Original-From: Dana Whitfield <dana.whitfield@example.org>",
)
_CODE: Final = ("List-Id: team/engine <engine.team.code.example.org>", "Precedence: list")


def noise(today: date) -> Iterator[Letter]:
    """Yield all mail that no human being wrote to Robin alone or in a small circle, and some that two did."""
    yield from _newsletters(today)
    yield from _robots(today)
    yield from _lists(today)
    yield from _crowds(today)
    yield from _small_circle(today)
    yield from _strangers(today)
    yield from _thrown_away(today)


def _newsletters(today: date) -> Iterator[Letter]:
    bakery = Mailbox("Bread & Butter", "hello@bakery.example.net")
    studio = Mailbox("Lindqvist Studio", "news@lindqvist.example.net")
    library = Mailbox("City Library", "library@example.org")
    for ago in range(5, 700, 9):
        yield _letter(today, ago, bakery, "This week's loaves", headers=("Precedence: bulk", _LEAVE))
    for ago in range(11, 1500, 30):
        yield _letter(today, ago, studio, "News from the studio", headers=(_LEAVE,), content_type="text/html")
    for ago in range(8, 1200, 21):
        yield _letter(today, ago, library, "New on the shelves", headers=(_LEAVE, "Auto-Submitted: auto-generated"))


def _robots(today: date) -> Iterator[Letter]:
    """Yield mail of machines; some of it bears the names of people whom Robin knows."""
    shop = Mailbox("Shop", "no-reply@shop.example.com")
    for number, ago in enumerate(range(6, 1300, 33)):
        yield _letter(today, ago, shop, f"Your order {4711 - number} is on its way")
    for number, ago in enumerate(range(4, 260, 5)):
        author = ("Jonas Meyer", "Sofia Marino", "René Dubois")[number % 3]
        robot = Mailbox(author, "notifications@code.example.org")
        yield _letter(today, ago, robot, f"[team/engine] Faster cache (#{900 - number})", headers=_CODE)
    ladder = Mailbox("Lakshmi Hutchinson via Ladder", "notifications@ladder.example.net")
    for ago in range(20, 400, 61):
        yield _letter(today, ago, ladder, "Lakshmi Hutchinson has a new post")


def _lists(today: date) -> Iterator[Letter]:
    sailing = Mailbox("Dana Whitfield via Sailing", "sailing@lists.example.org")
    address = (Mailbox("", "sailing@lists.example.org"),)
    for ago in range(9, 520, 13):
        yield _letter(today, ago, sailing, "Tides and moorings", to=address, headers=_SAILING)


def _crowds(today: date) -> Iterator[Letter]:
    """Yield mails to fifteen people, and to forty."""
    friends = ("Amara Okafor", "René Dubois", "Priya Raman", "Clara Weiss")
    club = (*(named(name).mailbox(0) for name in friends), *CLUB)
    chloe = named("Chloe Bennett").mailbox(0)
    for ago in range(20, 420, 45):
        yield _letter(today, ago, chloe, "Who comes to the regatta?", to=(ROBIN, *club))
    for ago in range(50, 420, 90):
        yield _letter(today, ago, ROBIN, "Soup after the regatta", to=(chloe, *club), mine=True)
    director = Mailbox("Helen Marsh", "helen.marsh@team.example.org")
    for ago in range(5, 260, 28):
        yield _letter(today, ago, director, "All hands: the month in numbers", to=(ROBIN, *STAFF))


def _small_circle(today: date) -> Iterator[Letter]:
    """Yield mails to three: these do count, for each of them."""
    ben, leila, amara = (named(name).mailbox(0) for name in ("Ben Castellanos", "Leila Haddad", "Amara Okafor"))
    for ago in (420, 805):
        question = _letter(today, ago, ROBIN, "A cabin for four", to=(ben, leila), cc=(amara,), mine=True)
        yield question
        thread = (question.message_id,)
        yield _letter(
            today,
            ago - 1,
            leila,
            "Re: A cabin for four",
            to=(ROBIN,),
            cc=(ben, amara),
            references=thread,
            body="I am in!",
        )


def _strangers(today: date) -> Iterator[Letter]:
    """Yield mail of one whom Robin never answered, and of a desk with nobody behind it."""
    recruiter = Mailbox("Tiffany Vance", "tiffany.vance@talent.example.net")
    for ago in range(15, 300, 41):
        yield _letter(today, ago, recruiter, "An exciting opening", body="Are you open to a quick chat?")
    desk = Mailbox("Support", "support@hosting.example.net")
    for ago in (210, 380, 610, 930):
        yield _letter(today, ago, desk, f"[Ticket {ago}] Disk is full", body="We have made it larger.")
    yield _letter(today, 211, ROBIN, "Disk is full", to=(desk,), mine=True, body="Can you make it larger?")


def _thrown_away(today: date) -> Iterator[Letter]:
    """Yield what lies in spam, trash and drafts: no mail by the rules."""
    prince = Mailbox("A. Prince", "prince@example.com")
    amara, ben = named("Amara Okafor").mailbox(0), named("Ben Castellanos").mailbox(0)
    for ago in range(1010, 1100, 15):
        yield _letter(today, ago, prince, "Your inheritance", label="Spam")
    yield _letter(today, 1040, ben, "Wrong Robin", label="Trash", body="Sorry, not for you.")
    yield _letter(today, 1050, ROBIN, "Half a thought", to=(ben,), label="Drafts", mine=True, body="Dear Ben,")
    yield _letter(today, 15, amara, "Wrong Robin", trashed=True, body="Sorry, not for you.")


def _letter(
    today: date,
    ago: int,
    sender: Mailbox,
    subject: str,
    *,
    to: Sequence[Mailbox] = (ROBIN,),
    cc: Sequence[Mailbox] = (),
    body: str = _BODY,
    headers: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    content_type: str = PLAIN,
    mine: bool = False,
    label: str = "",
    trashed: bool = False,
) -> Letter:
    """Return a mail of `ago` days ago, at an hour of its own."""
    own = message_id(sender, subject, ago)
    return Letter(
        message_id=own,
        at=moment(today, ago, _DAWN + int(own[1:5], 16) % _WAKING),
        mine=mine,
        sender=sender,
        to=tuple(to),
        subject=subject,
        body=body,
        cc=tuple(cc),
        references=references,
        headers=headers,
        content_type=content_type,
        label=label,
        trashed=trashed,
    )
