"""One person with several addresses, and people who only look like one."""

import unicodedata
from typing import Final

from tests.quality.names import SAME_NAME, Form, Name, letters, plain
from tests.quality.post import mailbox
from tests.quality.truth import DAY
from tests.quality.world import Address, World

# Scripts whose every usual transliteration gives the same letters here; the last two columns are for rule D, by which
# a name that is one word does not speak against the local part.
_TRANSLITERATED: Final = (
    ("Иван Петров", "Ivan", "Petrov"),
    ("Анна Морозова", "Anna", "Morozova"),
    ("Борис Волков", "Boris", "Volkov"),
    ("Марина Соколова", "Marina", "Sokolova"),
    ("Νίκος Παππάς", "Nikos", "Pappas"),
    ("Ρένα Δράκου", "Rena", "Drakou"),
    ("Νίνα Παπαδόπουλου", "Nina", "Papadopoulou"),
    ("ნინო ბერიძე", "Nino", "Beridze"),
    ("Արամ Պետրոսյան", "Aram", "Petrosyan"),
    ("Олена Коваленко", "Olena", "Kovalenko"),
    ("王 小明", "Xiaoming", "Wang"),
    ("さくら たなか", "Sakura", "Tanaka"),
)
_BOTH_SCRIPTS: Final = (
    ("محمد الحسيني", "Mohamed", "Alhusseini"),
    ("خالد النجار", "Khaled", "Alnajjar"),
    ("סשה לוינסון", "Sasha", "Levinson"),
)
_ONE_WORD: Final = (
    ("张晓明", "Xiaoming", "Zhang"),
    ("田中太郎", "Taro", "Tanaka"),
    ("김민준", "Minjun", "Kim"),
    ("李美玲", "Meiling", "Li"),
)


def acquaint(w: World, *addresses: Address, newest: float = 20) -> None:
    """Write with somebody through each of their addresses, one after the other in time; each writes at least once."""
    dice = w.dice
    oldest = newest + 60 * len(addresses) + dice.randrange(900)
    for place, one in enumerate(addresses):
        late = newest + (oldest - newest) * (len(addresses) - 1 - place) / len(addresses)
        at = w.ago(late + 1)
        w.got(one, at)
        w.wrote([one], at - 2 * DAY)
        if dice.random() < 0.7:
            w.exchange(one, dice.randrange(1, 6), late + 3, late + 40)


def spelled(w: World) -> None:
    """Two or three addresses whose owner spells their name differently at each."""
    name = w.names.name(particle=w.dice.choice(("", "", "", "", "van der", "de")))
    person = w.person("spelled", name)
    styles = w.dice.sample(SAME_NAME, w.dice.choice((2, 2, 3)))
    acquaint(w, *(w.address(person, name, style, local=style_of(w)) for style in styles))


def many_spellings(w: World) -> None:
    """Two addresses; at the first the owner writes under a pet name too, at the second under their full name."""
    name = w.names.long()
    person = w.person("many spellings", name)
    first = w.address(person, name, "usual", "first only", local="initials")
    second = w.address(person, name, "comma", "initial first", local="initials")
    acquaint(w, first, second)
    for one, form in ((first, first.forms[0]), (second, second.forms[0])):
        assert form is not None
        w.got(one, w.past(30, 60), form=form)
        w.got(one, w.past(), form=Form(one.email, form.greets))  # some programs write the address for a name


def by_local_part(w: World) -> None:
    """The second address says only in its local part, or in a name of one word, whose it is."""
    name = w.names.long()
    person = w.person("by local part", name)
    usual = w.address(person, name, "usual", local="initials")
    style = w.dice.choice(("none", "none", "first only", "initial first", "middle", "one word"))
    local = w.dice.choice(("first.last", "first_last", "firstlast", "lastfirst", "last.first", "firstlast84"))
    if style == "one word":
        local = "initials"
    acquaint(w, usual, w.address(person, name, style, local=local))
    if w.dice.random() < 0.3:  # and a third one by the name: all three are one person
        acquaint(w, w.address(person, name, "comma", local="initials"))


def style_of(w: World) -> str:
    """Return a style of local part."""
    return w.dice.choice(("first.last", "flast", "first", "initials", "lastfirst"))


def same_mailbox(w: World) -> None:
    """One address in several spellings: capitals, plus-tags, and Gmail's dots and two domains."""
    name = w.names.long()
    person = w.person("same mailbox", name)
    if w.dice.random() < 0.5:
        local = w.names.local(name, "first.last")
        bare = local.replace(".", "")
        spellings = [f"{local}@gmail.com", f"{bare}@gmail.com", f"{bare}+x@googlemail.com", f"{local}@googlemail.com"]
    else:
        local, domain = w.names.local(name, style_of(w)), w.dice.choice(("fernhill.example", "example.org"))
        spellings = [f"{local}@{domain}", f"{local}+letters@{domain}", f"{local.title()}@{domain.upper()}"]
    one = w.address(
        person, name, w.dice.choice(("usual", "none", "first only")), email=spellings[0], spellings=spellings
    )
    if None in one.forms:
        person.given |= {"", name.first, plain(name.first)}  # auld may read the address
    acquaint(w, one)
    w.exchange(one, 12, 30)


def foreign_script(w: World) -> None:
    """One address in a script of its own, the other in Latin letters."""
    used = {person.name for person in w.truth.people}
    rows = [
        (text, first, last, kind)
        for kind, table in (("same", _TRANSLITERATED), ("both", _BOTH_SCRIPTS), ("word", _ONE_WORD))
        for text, first, last in table
        if f"{first} {last}" not in used
    ]
    if not rows:
        return
    text, first, last, kind = w.dice.choice(rows)
    name = w.names.hold(Name(first, last))
    person = w.person("foreign script", name)
    one = w.address(person, name, local="first.last" if kind == "word" else "initials")
    other = w.address(person, name, local="initials")
    foreign = Form(
        text, frozenset({text, "", *text.split()} if kind == "word" or not text[0].isupper() else {text.split()[0]})
    )
    one.forms = [foreign]
    acquaint(w, one, other)
    if kind == "both":
        w.got(one, w.past(30, 400), form=one.usual)


def namesakes(w: World) -> None:
    """Two persons of one name, who write in one thread, told by References or by In-Reply-To alone."""
    name = w.names.name()
    one = w.address(w.person("namesake", name), name, "usual", local="first.last", domain="northlab.example")
    other = w.address(
        w.person("namesake", name), name, w.dice.choice(("usual", "comma")), local="flast", domain="aster.example"
    )
    thread: list[str] = []
    at = w.past(200, 900)
    key = w.got(one, at, thread=thread)
    if w.dice.random() < 0.5:
        w.got(other, at + DAY, cc=[one], thread=thread)
    else:
        w.got(other, at + DAY, cc=[one], head=f"In-Reply-To: <{key}>\n")
    w.wrote([other], at + 2 * DAY, cc=[one], thread=thread)
    for each in (one, other):
        w.exchange(each, w.dice.randrange(8), 20, 190)


def short_names(w: World) -> None:
    """Two persons whose one name is too short to go by."""
    greets = frozenset({"Li", "Na", ""})
    for email in (f"li{w.dice.randrange(10**6)}@rivertown.example", f"na{w.dice.randrange(10**6)}@lumen.example"):
        name = Name("Li", "Na")
        one = w.address(w.person("short name", name), name, email=email)
        one.usual = Form("Li Na", greets)
        one.forms = [one.usual]
        acquaint(w, one)


def short_local_part(w: World) -> None:
    """Somebody with a name of seven letters, and another whose local part is just that: too short to tell."""
    name = Name("Ida", "Wolf")
    one = w.address(w.person("short local part", name), name, email="iw1@lumen.example")
    other = w.address(w.person("short local part", name), name, "first only", email="idawolf@quarry.example")
    acquaint(w, one)
    acquaint(w, other)


def moved(w: World) -> None:
    """Somebody who went to a new organisation; the old address has been silent since, for more than 90 days."""
    name = w.names.name()
    person = w.person("moved", name)
    old = w.address(person, name, "usual", local="first.last", domain="quarry.example")
    new = w.address(person, name, w.dice.choice(("usual", "comma")), local="flast", domain="bluepeak.example")
    turn = w.dice.randrange(300, 1200)
    w.got(old, w.ago(turn + 5))
    w.wrote([old], w.ago(turn + 7))
    w.exchange(old, 6, turn + 10, turn + 300)
    w.got(new, w.ago(turn - 120))
    w.wrote([new], w.ago(turn - 121))
    w.exchange(new, 5, 20, turn - 110)


def miscalled(w: World) -> None:
    """Somebody whom I address by another's name; they write under their own."""
    one, other = w.some(2)
    at = w.past()
    w.post.put("home/Sent", at, sender=w.me("home"), to=mailbox(other.usual.text, w.spell(one)), received=None)
    one.owner.sent(at)


def like_a_role(w: World) -> None:
    """People whose last names are words that roles and robots have, too."""
    for family in ("Sales", "Jobs", "Bouncer", "Infanti"):
        name = Name(w.names.name().first, family)
        local = f"{letters(name.first)}.{letters(name.last)}"
        one = w.address(w.person("like a role", name), name, email=f"{local}@house{w.dice.randrange(10**6)}.example")
        one.owner.greets.add("")  # unsure means no name
        acquaint(w, one)


def siblings(w: World) -> None:
    """Two persons of one last name and one domain."""
    first = w.names.name()
    second = w.names.name(family=first.last)
    one = w.address(w.person("sibling", first), first, "usual", local="first.last", domain="oakworks.example")
    other = w.address(w.person("sibling", second), second, "usual", local="flast", domain="oakworks.example")
    acquaint(w, one)
    acquaint(w, other)
    w.wrote([one, other], w.past())


def family(w: World) -> None:
    """A couple's address, from which both write under their own names, and perhaps each has another for themselves."""
    first = w.names.name()
    second = w.names.name(family=first.last if w.dice.random() < 0.6 else "")
    while _begins(second.first) == _begins(first.first):  # Thomas and Tomáš: one name, or two people?
        second = w.names.name()
    both = w.person("family", first)
    both.greets.add("")
    email = f"casa{w.dice.randrange(10**6)}@rivertown.example"
    shared = [w.address(both, name, "usual", email=email, account="home") for name in (first, second)]
    for one in shared:
        acquaint(w, one)
    if w.dice.random() < 0.5:
        for name in (first, second):
            acquaint(w, w.address(w.person("of a family", name), name, "usual", local="initials"))


def _begins(first: str) -> str:
    """Return how a first name begins, however it is spelled: Thomas, Tomáš and Tom alike."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", first.casefold()) if char.isalpha() and char != "h")
    return bare[:3]
