"""Newsletters and mailing lists, in all the ways they show or hide what they are."""

from tests.quality.post import mailbox
from tests.quality.world import INBOX, Address, World

_BRANDS = ("Acorn", "Bellini", "Cobalt", "Dovetail", "Ember", "Fjord", "Gingham", "Harbour", "Indigo", "Juniper")


def _unsubscribe(w: World, domain: str) -> str:
    return f"List-Unsubscribe: <https://{domain}/u/{w.dice.getrandbits(64):016x}>\n"


def newsletter(w: World, count: int = 0) -> None:
    """A company's letters to its customers, some under a human's name."""
    brand = w.dice.choice(_BRANDS)
    domain = f"{brand.lower()}{w.dice.randrange(10**5)}.example"
    name, local = w.dice.choice((
        (brand, "news"), (f"{brand} Shop", "hello"), (f"Sarah from {brand}", "sarah"), ("Julia Novak", "julia.novak"),
        (brand, "newsletter"),
    ))  # fmt: skip
    head = w.dice.choice(
        ("", "Precedence: bulk\n", f"List-Id: <{local}.{domain}>\n", "Auto-Submitted: auto-generated\n")
    )
    account = w.dice.choice(("home", "work"))
    for _ in range(count or w.dice.randrange(3, 9)):
        w.robot("newsletter", name, f"{local}@{domain}", w.past(), account=account, head=_unsubscribe(w, domain) + head)


def author_of_a_newsletter(w: World) -> None:
    """A friend who writes a newsletter too, from the address from which they write to me."""
    one = w.friend()
    for _ in range(3):
        w.got(one, w.past(), counts=False, head=_unsubscribe(w, "letters.example"))


def answered_newsletter(w: World) -> None:
    """A newsletter that I answered once: my mail to its address makes somebody of it."""
    one = w.newcomer("answered newsletter")
    for _ in range(4):
        w.got(one, w.past(), counts=False, head=_unsubscribe(w, "letters.example") + "Precedence: bulk\n")
    w.wrote([one], w.past())


class _List:
    """A mailing list and those who write to it."""

    def __init__(self, w: World, *, shown: bool) -> None:
        self.w = w
        number = w.dice.randrange(10**5)
        self.name = w.dice.choice(("Chess", "Garden", "Choir", "Parents"))
        self.host = f"lists{number}.example"
        self.email = f"{self.name.lower()}@{self.host}"
        self.to = mailbox(w.dice.choice(("", f"{self.name} list")), self.email)
        self.members = w.some(min(len(w.friends), w.dice.randrange(5, 15)))
        local = f"{self.name.lower()}.{self.host}"
        posts = f"List-Post: <mailto:{self.email}>\n"
        self.head = f"List-Id: {self.name} <{local}>\nPrecedence: list\n{w.dice.choice(('', posts))}" if shown else ""
        w.truth.robot("list", [self.email])


def mailing_list(w: World, count: int = 0) -> None:
    """A list that says so. Who writes to nobody but the list is a stranger of whom nothing personal is known."""
    told = _List(w, shown=True)
    strangers = [(w.names.name().full, f"member{w.dice.randrange(10**7)}@example.net") for _ in range(3)]
    for _ in range(count or w.dice.randrange(8, 20)):
        at, roll = w.past(), w.dice.random()
        if roll < 0.2:
            name, email = w.dice.choice(strangers)
            w.robot("known from a list only", name, email, at, to=told.to, head=told.head)
        elif roll < 0.3:
            w.got(w.dice.choice(told.members), at, extra=told.to, counts=False, head=told.head)
        else:
            w.got(w.dice.choice(told.members), at, me="", extra=told.to, counts=False, head=told.head)
    w.wrote([], w.past(), extra=told.to, account="home")


def rewriting_list(w: World) -> None:
    """A list that writes as "Name via List", with all the headers that lists have."""
    told = _List(w, shown=True)
    for one in told.members[:5]:
        sender = mailbox(f"'{one.usual.text}' via {told.name}", told.email)
        author = mailbox(one.usual.text, w.spell(one))
        head = f"{told.head}X-Original-Sender: {one.email}\nX-Original-From: {author}\nReply-To: {author}\n"
        w.got(one, w.past(), me="", extra=told.to, sender=sender, counts=False, head=head)


def rewriting_list_without_headers(w: World) -> None:
    """Mail to a list and to me, that comes as "Name via List" and says nothing else: the author is who wrote it."""
    told = _List(w, shown=False)
    for one in told.members[:4]:
        sender = mailbox(f"{one.usual.text} via {told.name}", told.email)
        author = mailbox(one.usual.text, w.spell(one))
        head = w.dice.choice((f"Reply-To: {author}\n", f"X-Original-From: {author}\n"))
        w.got(one, w.past(), extra=told.to, sender=sender, head=head)
    name = w.names.name().full
    w.robot("list", f"{name} via {told.name}", told.email, w.past(), to=f"{told.to}, {w.me('home')}")


def unsaid_list(w: World, count: int = 0) -> None:
    """A list that shows no header at all: members write to it, and it reaches me although I am not on To or Cc."""
    told = _List(w, shown=False)
    for one in told.members[:4]:
        w.got(one, w.past(), me="", extra=told.to, counts=False)
    for _ in range(count or 6):
        w.got(w.dice.choice(told.members), w.past(), me="", extra=told.to, counts=False)
    for _ in range(3):
        w.wrote([], w.past(), extra=told.to, account="home")


def crowd_with_unsaid_list(w: World) -> None:
    """Six friends and a list without headers on one mail of mine: six people."""
    told = _List(w, shown=False)
    for one in told.members[:5]:
        w.got(one, w.past(), me="", extra=told.to, counts=False)
    w.wrote(w.some(6), w.past(), extra=told.to)


def list_copy(w: World) -> None:
    """A mail to me and to a list, which comes twice: one copy says list, the other says nothing."""
    told = _List(w, shown=True)
    one = told.members[0]
    w.got(one, w.past(), extra=told.to)
    w.post.copy(INBOX[one.account], INBOX[one.account], head=told.head, later=60)


def list_echo(w: World) -> None:
    """A mail of mine to a friend and a list, which the list sends back to me."""
    told = _List(w, shown=True)
    one: Address = told.members[0]
    w.wrote([one], w.past(), extra=told.to)
    w.post.copy("home/Inbox", f"{one.account}/Sent", head=told.head, later=90)
