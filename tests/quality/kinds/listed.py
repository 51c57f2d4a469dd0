"""People whom the config names, and people who are not to be suggested."""

from tests.quality.kinds.spellings import acquaint
from tests.quality.post import mailbox
from tests.quality.truth import DAY, DORMANT, Person
from tests.quality.world import Address, World


def _list(w: World, person: Person, name: str, emails: list[str], greets: frozenset[str]) -> None:
    person.listed = True
    person.called = greets
    told = "".join(f'"{email}", ' for email in emails)
    w.entries.append(f'[[people]]\nname = "{name}"\n' + (f"emails = [{told}]\n" if emails else ""))


def joined(w: World) -> None:
    """Two addresses under different names, which only the config calls one person."""
    before, after = w.names.name(), w.names.name()
    person = w.person("joined by the config", after)
    one = w.address(person, before, local="initials")
    other = w.address(person, after, local="initials")
    acquaint(w, one, other)
    _list(w, person, after.full, [one.email, other.email], frozenset({after.first}))


def by_name(w: World) -> None:
    """An entry with a name alone, which fits one person."""
    one = w.newcomer("listed by name", "comma")
    acquaint(w, one)
    _list(w, one.owner, one.usual.text, [], one.usual.greets)


def role(w: World) -> None:
    """A role address without a human name in the config: somebody."""
    name = w.names.name()
    person = w.person("listed role", name)
    one = w.address(person, name, "none", email=f"info@workshop{w.dice.randrange(10**5)}.example")
    w.got(one, w.past())
    _list(w, person, name.full, [one.email], frozenset({name.first}))


def never_met(w: World) -> None:
    """Somebody in the config of whom there is no mail, and somebody whose every mail is bulk."""
    one = w.newcomer("listed, never seen")
    one.owner.emails.add(one.email)
    _list(w, one.owner, one.usual.text, [one.email], one.usual.greets)
    other = w.newcomer("listed, bulk only")
    for _ in range(3):
        w.got(other, w.past(), counts=False, head="List-Unsubscribe: <https://example.org/u>\nPrecedence: bulk\n")
    _list(w, other.owner, other.usual.text, [other.email], other.usual.greets)


def two_entries(w: World) -> None:
    """Two entries of one name: two persons, whatever the rules say of their names."""
    name = w.names.name()
    for style in ("usual", "comma"):
        person = w.person("two entries", name)
        one = w.address(person, name, style, local="initials")
        acquaint(w, one)
        _list(w, person, name.full, [one.email], frozenset({name.first}))


def draws_another(w: World) -> None:
    """An entry with one address, whose owner writes from a second one under the same name."""
    name = w.names.name()
    person = w.person("listed with one of two", name)
    one, other = (w.address(person, name, style, local="initials") for style in ("usual", "comma"))
    acquaint(w, one, other)
    _list(w, person, name.full, [one.email.upper()], frozenset({name.first}))


def ignored(w: World) -> None:
    """Somebody whom ``contact.ignore`` names."""
    one = w.newcomer("ignored", domain="clinic.example")
    one.owner.ignored = True
    w.befriend(one)


def dormant(w: World) -> None:
    """Somebody whom I last wrote more than five years ago."""
    one = w.newcomer("dormant")
    for days in (30, 60, 90):
        w.wrote([one], DORMANT - days * DAY)
    w.got(one, DORMANT - 100 * DAY)


def on_the_edge(w: World) -> None:
    """Somebody last written to an hour less than five years ago, and somebody an hour more."""
    for hours, kind in ((1, "not quite dormant"), (-1, "just dormant")):
        one = w.newcomer(kind)
        w.wrote([one], DORMANT + hours * 3600)
        for days in (30, 60):
            w.got(one, DORMANT - days * DAY)


def one_sided(w: World) -> None:
    """People who never answered, whom I never wrote, or with whom two days saw all there was."""
    silent, unanswered, brief = (w.newcomer(kind) for kind in ("never answered", "never written", "two days"))
    for days in (30, 80, 130, 180):
        w.wrote([silent], w.ago(days))
        w.got(unanswered, w.ago(days))
    at = w.past(20)
    w.wrote([brief], at)
    w.got(brief, at - 30 * DAY)
    w.got(brief, at - 30 * DAY + 60)


def three_days(w: World) -> None:
    """Somebody who just is fit to be suggested: one mail of mine, one of theirs, three days."""
    one = w.newcomer("three days")
    at = w.past(20, 1500)
    for days in (0, 9):
        w.got(one, at - days * DAY)
    w.wrote([one], at - 30 * DAY)


def spoken_of(w: World) -> None:
    """Somebody who never writes, and whose name only others tell."""
    name = w.names.name()
    one: Address = w.address(w.person("spoken of", name), name)
    at = w.past()
    w.wrote([one], at)
    w.wrote([w.friend(), one], at - 9 * DAY)
    w.post.put("home/Sent", at - 20 * DAY, sender=w.me("home"), to=mailbox("", w.spell(one)), received=None)
    one.owner.sent(at - 20 * DAY)


def spoken_of_twice(w: World) -> None:
    """Somebody with two addresses who never writes, and whose one name others tell at both."""
    name = w.names.name()
    person = w.person("spoken of twice", name)
    for _ in range(2):
        w.wrote([w.address(person, name, local="initials")], w.past())
