"""What a validator of single values cannot see: names that must be one, and names that must be somebody's.

Works on the file as written, so that one wrong value hides no other; what is no table or no text is left to the
validator.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import connectors
from daemon.config.problems import Fault, KeyPath, shown
from daemon.config.wording import nearest, suggestion
from daemon.due.workdays import knows_country
from daemon.settings import read_date


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file and where it stands."""

    path: KeyPath
    keys: Mapping[str, Any]

    def text(self, key: str) -> str:
        """Return the text at `key`, ``""`` if there is none."""
        value = self.keys.get(key)
        return value.strip() if isinstance(value, str) else ""

    def texts(self, key: str) -> list[tuple[KeyPath, str]]:
        """Return the texts of the list at `key`, each with its place."""
        value = self.keys.get(key)
        items = value if isinstance(value, list) else []
        return [((*self.path, key, number), one.strip()) for number, one in enumerate(items) if isinstance(one, str)]

    def table(self, key: str) -> "Table":
        """Return the table at `key`, an empty one if there is none."""
        value = self.keys.get(key)
        return Table((*self.path, key), value if isinstance(value, dict) else {})

    def tables(self, key: str) -> list["Table"]:
        """Return the tables of the list at `key`."""
        value = self.keys.get(key)
        items = value if isinstance(value, list) else []
        return [Table((*self.path, key, number), one) for number, one in enumerate(items) if isinstance(one, dict)]


def check(tree: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong between the parts of the file `tree`."""
    whole = Table((), tree)
    yield from _me(whole.table("me"))
    yield from _accounts(whole)
    yield from _circles(whole)
    yield from _people(whole)
    yield from _addresses(whole)
    yield from _model(whole.table("writing").table("model"))


def _model(model: Table) -> Iterator[Fault]:
    if url := model.text("url"):
        from daemon.rewriting import check_url  # noqa: PLC0415 -- most configs name no model

        try:
            check_url(url)
        except ValueError as err:
            yield Fault((*model.path, "url"), str(err))


def _me(me: Table) -> Iterator[Fault]:
    zone = me.text("timezone")
    if zone and not _is_zone(zone):
        near = _nearest_zone(zone)
        hint = f"did you mean {shown(near)}?" if near else 'write it like "Europe/Amsterdam"'
        yield Fault((*me.path, "timezone"), f"{shown(zone)} is no time zone; {hint}")
    country = me.text("country")
    if country and not knows_country(country):
        hint = 'write it like "NL", or "DE-BY" where regions differ'
        yield Fault((*me.path, "country"), f"no public holidays are known of {shown(country)}; {hint}")
    for news in me.tables("news"):
        first, last = _day(news.keys.get("from")), _day(news.keys.get("until"))
        if first and last and first > last:
            yield Fault((*news.path, "until"), f"{last} is before from, {first}; it would never be news")


def _accounts(whole: Table) -> Iterator[Fault]:
    accounts = whole.tables("accounts")
    yield from _repeated(accounts, "account")
    own = whole.table("me").texts("emails")
    for account in accounts:
        name, kind = account.text("name"), account.text("kind")
        if name.startswith((".", "-")) or "/" in name or not name.isprintable():
            yield Fault((*account.path, "name"), f'{shown(name)} begins with "." or "-" or holds "/"; name it plainly')
        if kind in connectors.kinds() and not own and not connectors.load(kind).tells_addresses:
            yield Fault(
                account.path,
                f'kind "{kind}" cannot tell which mail is yours: give your addresses under [me], emails = ["…"]',
            )
    wanted = whole.table("writing").text("account")
    names = [account.text("name") for account in accounts if account.text("name")]
    if wanted and wanted not in names:
        hint = suggestion(wanted, names, "there is none yet")
        yield Fault(("writing", "account"), f"there is no account {shown(wanted)}; {hint}")


def _circles(whole: Table) -> Iterator[Fault]:
    circles = whole.tables("circles")
    yield from _repeated(circles, "circle")
    for circle in circles:
        if circle.keys.get("occasions") == []:
            yield Fault((*circle.path, "occasions"), "names no occasion; leave the key out, or name some")


def _people(whole: Table) -> Iterator[Fault]:
    names = [circle.text("name") for circle in whole.tables("circles") if circle.text("name")]
    for person in whole.tables("people"):
        wanted = person.text("circle")
        if wanted and wanted not in names:
            hint = suggestion(wanted, names, "there is none yet; add one: [[circles]]")
            yield Fault((*person.path, "circle"), f"there is no circle {shown(wanted)}; {hint}")
        if not person.keys.get("name") and not person.keys.get("emails"):
            yield Fault(person.path, "has neither name nor emails; give one at least")


def _addresses(whole: Table) -> Iterator[Fault]:
    """An address is one person's: mine, or that of one entry."""
    mine = {email.lower() for _, email in whole.table("me").texts("emails")}
    owners: dict[str, KeyPath] = {}
    for person in whole.tables("people"):
        for path, written in person.texts("emails"):
            email = written.lower()
            if email in mine:
                yield Fault(path, f"{shown(email)} is yours by [me] emails; it can be in one place only")
            elif owners.setdefault(email, person.path) != person.path:
                number = int(owners[email][1]) + 1
                yield Fault(path, f"{shown(email)} is also that of [[people]] {number}; it can be one person's only")


def _repeated(tables: list[Table], what: str) -> Iterator[Fault]:
    seen: dict[str, Table] = {}
    for table in tables:
        name = table.text("name")
        # Folders are named after accounts, and some disks do not tell capitals apart.
        first = seen.setdefault(name.casefold(), table)
        if name and first is not table:
            number = int(first.path[1]) + 1
            yield Fault((*table.path, "name"), f"{what} {number} has the name {shown(name)} too; give each its own")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _nearest_zone(name: str) -> str:
    """Return the zone that was meant: of that city, else one that is written much the same, else ``""``."""
    zones = sorted(available_timezones())
    cities = {zone.rpartition("/")[2].lower(): zone for zone in zones}
    city = name.rpartition("/")[2].lower().replace(" ", "_")
    return cities.get(city) or nearest(name, zones) or cities.get(nearest(city, list(cities)), "")


def _day(value: object) -> date | None:
    try:
        return None if value is None else read_date(value)
    except ValueError:
        return None
