"""Three hundred situations of a draft, chosen by their number: the corpus that lies in tests/quality/drafts.

`python -m tests.quality.situations` writes it anew. The files are read by people: whoever changes a wording reads what
changed. People and firms are invented; what is said in the user's own words is in the draft's language, as it would be.
"""

import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, get_args
from zoneinfo import ZoneInfo

from daemon.compose import BUILT_IN, Composed, Facts, compose, gather
from daemon.model import Contact, Kind, Person, Standing
from daemon.settings import Formality, Language, Listed, Me, News, Occasion, Relation

FOLDER: Final = Path(__file__).parent / "drafts"
COUNT: Final = 300

_NOW: Final = datetime(2026, 11, 23, 10, tzinfo=UTC)
_ZONE: Final = ZoneInfo("Europe/Amsterdam")
_LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_OCCASIONS: Final[tuple[Occasion, ...]] = get_args(Occasion)
_RELATIONS: Final[tuple[Relation | None, ...]] = (None, *get_args(Relation))
_FORMALITIES: Final[tuple[Formality, ...]] = get_args(Formality)
_SILENT: Final = (20, 75, 200, 400, 900)  # days
_NAMES: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("Lakshmi Hutchinson", "Owen Hartley", "Dr. Ruth Abara"),
    "de": ("Annika Brandt", "Jürgen Köppe", "Dr. Ute Lindner"),
    "fr": ("Hélène Carlaud", "Benoît Vasseur", "Marie-José Perrin"),
    "es": ("Lucía Ferrer", "José Luis Ortega", "Íñigo Salas"),
    "nl": ("Sanne de Vries", "Joost van den Berg", "Femke Bakker"),
    "pt": ("Inês Carvalho", "João Teixeira", "Ana Paula Rocha"),
    "it": ("Chiara Lombardi", "Matteo De Santis", "Anna Maria Ferri"),
}
_TOPICS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("Re: Fwd: [EXT] Q3 budget", "Website relaunch", "Thoughts on Berlin"),
    "de": ("AW: Umzug der Werkstatt", "Chorprobe im Herbst", "Angebot für die Bibliothek"),
    "fr": ("RE: Le nouveau catalogue", "Réunion des anciens", "Voyage à Lisbonne"),
    "es": ("RE: El proyecto del archivo", "Reforma de la biblioteca", "Viaje a Oporto"),
    "nl": ("RE: De nieuwe website", "Verbouwing van het atelier", "Plannen voor de tuin"),
    "pt": ("RES: O projeto do arquivo", "Reforma da biblioteca", "Viagem aos Açores"),
    "it": ("R: Il nuovo catalogo", "Restauro della biblioteca", "Viaggio a Lisbona"),
}
_NEWS: Final[Mapping[Language, str]] = {
    "en": "I moved to the data team in October.",
    "de": "Seit Oktober arbeite ich im Datenteam.",
    "fr": "Depuis octobre, je travaille dans l’équipe des données.",  # noqa: RUF001 -- as it is written
    "es": "Desde octubre trabajo en el equipo de datos.",
    "nl": "Sinds oktober werk ik in het datateam.",
    "pt": "Desde outubro trabalho na equipa de dados.",
    "it": "Da ottobre lavoro nel gruppo dei dati.",
}
_NOTES: Final[Mapping[Language, str]] = {
    "en": "Your tip about the archive saved me a week.",
    "de": "Der Hinweis auf das Archiv hat mir eine Woche erspart.",
    "fr": "La piste des archives m’a épargné une semaine de travail.",  # noqa: RUF001 -- as it is written
    "es": "La pista del archivo me ahorró una semana de trabajo.",
    "nl": "De tip over het archief heeft me een week gescheeld.",
    "pt": "A dica sobre o arquivo poupou-me uma semana de trabalho.",
    "it": "Il suggerimento sull’archivio mi ha risparmiato una settimana.",  # noqa: RUF001 -- as it is written
}
_CITIES: Final = ("Porto", "Utrecht", "Lyon", "Bologna")
_TITLES: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("Head of Design", "Team Lead"),
    "de": ("Teamleitung", "Head of Design"),
    "fr": ("Responsable artistique", "Head of Design"),
    "es": ("Responsable de Diseño", "Head of Design"),
    "nl": ("Hoofd Ontwerp", "Head of Design"),
    "pt": ("Responsável de Design", "Head of Design"),
    "it": ("Responsabile del museo", "Head of Design"),
}
_COMPANIES: Final = ("Example Ltd", "Acme")


@dataclass(frozen=True, slots=True)
class Situation:
    """One situation, named `name`, told in `lines` for who reads it."""

    name: str
    facts: Facts
    lines: tuple[str, ...]

    def text(self) -> str:
        """Return the situation and its draft, as the file holds them."""
        draft = self.draft()
        head = "".join(f"# {line}\n" for line in self.lines)
        return f"{head}\nSubject: {draft.subject}\n\n{draft.body}"

    def draft(self) -> Composed:
        """Return the draft."""
        return compose(self.facts, avoid=(), seed=self.name)


def situations() -> Iterator[Situation]:
    """Yield all of them: every occasion in every language, the rest of each by chance, always the same."""
    pairs = [(language, occasion) for occasion in _OCCASIONS for language in _LANGUAGES]
    for number in range(COUNT):
        language, occasion = pairs[number % len(pairs)]
        place = number // len(pairs) + 1
        yield _situation(f"{language}-{occasion}-{place}", language, occasion, random.Random(f"{number} auld"))


def _situation(name: str, language: Language, occasion: Occasion, dice: random.Random) -> Situation:
    relation, silent = dice.choice(_RELATIONS), dice.choice(_SILENT[occasion.startswith("sorry") :])
    formality = dice.choice(_FORMALITIES) if relation not in {"friend", "family"} else "informal"
    now = datetime(2026, 12, 29, 10, tzinfo=UTC) if occasion == "new-year" else _NOW
    person = dice.choice(_NAMES[language])
    kind = Kind.RECEIVED if occasion.startswith("sorry") else dice.choice((Kind.SENT, Kind.RECEIVED, Kind.MEETING))
    title = dice.choice((*_TOPICS[language], None))
    news = News(text=_NEWS[language]) if occasion == "news" or dice.random() < 0.5 else None
    note = _NOTES[language] if dice.random() < 0.25 else ""
    city = dice.choice(_CITIES) if occasion == "lunch" else ""
    facts = gather(
        _standing(
            person, relation, Contact(now - timedelta(days=silent), kind, "home", "x@example.org", title, 1), city
        ),
        me=Me(name="Robin Park", emails=("robin@example.com",), city=city),
        occasion=occasion,
        language=language,
        news=news,
        note=note,
        salutation="",
        now=now,
        zone=_ZONE,
        formality=formality,
        title=dice.choice(_TITLES[language]) if occasion == "congratulations" else "",
        company=dice.choice(_COMPANIES) if occasion == "reference" else "",
    )
    lines = (
        f"{occasion} in {language}, {formality}, to {person}, {relation or 'no relation told'}",
        f"last contact {silent} days ago: {kind}, {title or 'no title known'}",
        f"news: {'yes' if news else 'no'}; note: {'yes' if note else 'no'}",
    )
    return Situation(name, facts, lines)


def _standing(person: str, relation: Relation | None, last: Contact, city: str) -> Standing:
    return Standing(
        person=Person(person, ("x@example.org",), Listed(name=person, relation=relation, city=city)),
        days=(),
        last=last,
        first_at=None,
        sent=1,
        received=1,
        sign_of_life=True,
        unanswered_at=None,
        answered_at=None,
        next_meeting_at=None,
        dead=frozenset(),
        usable_email="x@example.org",
    )


def main() -> int:
    """Write the corpus."""
    assert all(BUILT_IN.exists(language, occasion) for language in _LANGUAGES for occasion in _OCCASIONS)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for one in situations():
        (FOLDER / f"{one.name}.txt").write_text(one.text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
