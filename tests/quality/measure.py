"""Auld over a world, by its real commands, and what of its answers is not the truth."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from daemon.compose.names import first_name
from tests.cli.archive import run
from tests.quality.truth import NOW, Person, Truth

_CHECKED_AHEAD: Final = frozenset({"declines ahead", "declined ahead"})
_LEARNED: Final = "learned from Sent as yours: "
_EMAIL: Final = re.compile(r"[^\s,:]+@[^\s,:]+")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the commands answered: `people` as in JSON, and out of `check` the addresses that bounce or were learned."""

    people: Sequence[Mapping[str, Any]]
    dead: frozenset[str]
    learned: frozenset[str]


@dataclass(slots=True)
class Score:
    """What of the answers is right. Counts of people unless they say otherwise; `wrong` has a line for each fault."""

    people: int = 0
    last: int = 0
    days: int = 0
    state: int = 0
    greeting: int = 0
    emails: int = 0
    pairs: int = 0  # of addresses that are one person's
    pairs_found: int = 0
    pairs_made_up: int = 0
    robots_suggested: int = 0
    lost: int = 0  # to be suggested or listed, and not shown so
    dead_wrong: int = 0
    aliases_missed: int = 0
    taken_for_me: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of the pairs of addresses that auld says are one person's, the part that are."""
        said = self.pairs_found + self.pairs_made_up
        return self.pairs_found / said if said else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs of addresses that are one person's, the part that auld found."""
        return self.pairs_found / self.pairs if self.pairs else 1.0

    def add(self, other: "Score") -> None:
        """Add another world's."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def ask(config: Path) -> Answers:
    """Let auld read the world that `config` names, and ask it."""
    common = ("--config", str(config), "--now", datetime.fromtimestamp(NOW, UTC).isoformat())
    synced = run(*common, "sync")
    assert synced.code == 0, synced
    told = run(*common, "people", "--all", "--json")
    assert told.code == 0, told
    findings = [one["detail"] for one in run(*common, "check", "--json").json]
    bounces = [text.partition("; drafts go to ")[0] for text in findings if " bounces" in text]
    learned = [text.removeprefix(_LEARNED) for text in findings if text.startswith(_LEARNED)]
    return Answers(told.json, _emails(bounces), _emails(learned))


def _emails(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(email for text in texts for email in _EMAIL.findall(text))


def score(truth: Truth, answers: Answers) -> Score:
    """Compare the answers with the truth."""
    found = Score(people=len(truth.people))
    holders = {email: shown for shown in answers.people for email in shown["emails"]}
    _score_groups(found, truth, answers)
    for person in truth.people:
        shown = _find(person, holders)
        faults = list(_faults(found, person, shown, truth, answers))
        if faults:
            found.wrong.append(
                f"{person.name} ({person.kind}; {', '.join(sorted(person.emails))}): {'; '.join(faults)}"
            )
    for email, why in truth.nobody.items():
        if (shown := holders.get(email)) is not None and shown["state"] in {"suggested", "listed"}:
            found.robots_suggested += 1
            found.wrong.append(f"{email} ({why}) is nobody and {shown['state']}")
    for email in sorted(truth.mine):
        if email in holders or (email in truth.learned and email not in answers.learned):
            found.aliases_missed += 1
            found.wrong.append(f"{email} is mine and was not known to be")
    return found


def _score_groups(found: Score, truth: Truth, answers: Answers) -> None:
    owners = truth.owners()
    for person in truth.people:
        found.pairs += len(person.emails) * (len(person.emails) - 1) // 2
    for shown in answers.people:
        known = [email for email in shown["emails"] if email in owners or email in truth.nobody]
        if len(known) < 2:
            continue
        whose = Counter(id(owners[email]) if email in owners else email for email in known)
        good = sum(count * (count - 1) // 2 for count in whose.values())
        found.pairs_found += good
        found.pairs_made_up += len(known) * (len(known) - 1) // 2 - good
        strange = [
            f"{one} and {other}" for one, other in combinations(known, 2) if owners.get(one) is not owners.get(other)
        ]
        found.wrong += [f"one person was made of {pair}" for pair in strange[:3]]


def _find(person: Person, holders: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return whom auld shows for somebody: of several the one with the latest contact."""
    shown = [holders[email] for email in sorted(person.emails) if email in holders]
    return max(shown, key=lambda one: (one["last_contact"] or {"at": ""})["at"], default=None)


def _faults(
    found: Score, person: Person, shown: Mapping[str, Any] | None, truth: Truth, answers: Answers
) -> Iterator[str]:
    if shown is None:
        if person.emails & answers.learned:
            found.taken_for_me += 1
            yield "was taken for me"
        elif not person.contacts and not person.listed:
            found.last += 1  # nobody would miss them
            found.days += 1
            found.state += 1
            found.greeting += 1
            found.emails += 1
        else:
            found.lost += person.state != "quiet"
            yield f"is {person.state} with {person.days} contact days and was taken for nobody"
        return
    last = shown["last_contact"]
    expected = (_text(person.last[0]), person.last[1].word) if person.last else None
    came = (last["at"], last["kind"]) if last else None
    if came == expected:
        found.last += 1
    else:
        yield f"last contact is {_say(expected)}, auld says {_say(came)}"
    if shown["contact_days"] == person.days:
        found.days += 1
    else:
        yield f"{person.days} contact days, auld says {shown['contact_days']}"
    if shown["state"] == person.state:
        found.state += 1
    else:
        found.lost += person.state != "quiet"
        yield f"is {person.state}, auld says {shown['state']}"
    if set(shown["emails"]) == person.emails:
        found.emails += 1
    else:
        yield f"auld has {', '.join(shown['emails'])}"
    yield from _greeting_faults(found, person, shown)
    if person.state != "quiet" and (wrong := (answers.dead & person.emails) ^ person.dead):
        found.dead_wrong += 1
        yield f"{', '.join(sorted(wrong))} is {'dead' if wrong & person.dead else 'not dead'}, auld says otherwise"
    ahead = _text(min(person.ahead)) if person.ahead else None
    if (person.ahead or person.kind in _CHECKED_AHEAD) and shown["next_meeting"] != ahead:
        yield f"next meeting is {ahead}, auld says {shown['next_meeting']}"


def _greeting_faults(found: Score, person: Person, shown: Mapping[str, Any]) -> Iterator[str]:
    if not shown["emails"]:
        return
    email = (shown["last_contact"] or {}).get("email") or shown["emails"][0]
    came = first_name(shown["name"], email)
    if came in person.greetings or not person.contacts:
        found.greeting += 1
    else:
        right = " or ".join(f'"{one}"' for one in sorted(person.greetings))
        yield f'greeting is {right}, auld says "{came}" for "{shown["name"]}" <{email}>'


def _text(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


def _say(contact: tuple[str, str] | None) -> str:
    return " ".join(contact) if contact else "none"
