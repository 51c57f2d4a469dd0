"""A draft's subject and body, chosen and joined from the wordings of its situation.

Deterministic: the same facts, seed and avoided wordings give the same text. Decides which wording is used and what is
left out when the user's own words take the room; never to whom it goes.
"""

import hashlib
import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daemon.compose.facts import NEWS_LONGEST, Facts, Silence
from daemon.compose.greeting import greeting
from daemon.compose.phrasebook import BUILT_IN, Phrasebook
from daemon.compose.plain import clean, count_words, sentence
from daemon.compose.subject import mention
from daemon.compose.wording import PARTS, Wording, render, times
from daemon.settings import Formality, Language, Occasion

WORDS_AT_LEAST: Final = 40
WORDS_AT_MOST: Final = 110
"""Bounds of a draft without greeting, sign-off and signature; the user may say more, auld does not."""

_PARAGRAPHS: Final = (("opening", "shared", "bridge"), ("note",), ("news",), ("question", "closing"))
_ASKED: Final = (("opening", "shared", "bridge"), ("question", "closing"), ("note",), ("news",))
"""Where something is asked for: nothing stands between what it is and the question."""
_SPARED: Final[tuple[frozenset[str], ...]] = (
    frozenset(),
    frozenset({"closing"}),
    frozenset({"closing", "bridge"}),
    frozenset({"closing", "bridge", "opening"}),
)
_PARTICULAR: Final = 3.0  # how much likelier a wording for just this relation is than a general one
_LIKED: Final = 3.0  # and one that the user sends as it is
_SUBJECT_WORDS: Final = 5
_SIGNED_WORDS: Final = 2  # a longer name has no room in a subject of five words
_LONG_WORD: Final = re.compile(r"(?<!\{\{ )[^\W\d_]{5,}")
_STEM: Final = 5  # letters
_ASKS: Final = re.compile("[?\uff1f\u061f]")
_ONCE: Final = frozenset({"city", "year", "title", "company"})
_LINE: Final = 200
_EXAMPLES: Final[Mapping[Language, str]] = {
    "en": "website relaunch",
    "de": "Umzug der Werkstatt",
    "fr": "Le nouveau catalogue",
    "es": "Reforma de la biblioteca",
    "nl": "Verbouwing van het atelier",
    "pt": "O projeto do arquivo",
    "it": "Restauro della biblioteca",
}
_NEWS: Final[Mapping[Language, str]] = {
    "en": "I moved to the data team.",
    "de": "Ich arbeite jetzt im Datenteam.",
    "fr": "Je travaille désormais dans l’équipe des données.",  # noqa: RUF001 -- as French writes it
    "es": "Ahora trabajo en el equipo de datos.",
    "nl": "Ik werk nu in het datateam.",
    "pt": "Agora trabalho na equipa de dados.",
    "it": "Ora lavoro nel gruppo dei dati.",
}
_SIGNATURE_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of a draft. Body paragraphs are one line each.

    `variant` are the ids of the wordings used. `news_told` and `note_told` say whether the facts' news and note are in
    it: they are left out when they leave no room for a draft of proper length.
    """

    subject: str
    body: str
    variant: tuple[str, ...]
    news_told: bool
    note_told: bool


def compose(
    facts: Facts,
    *,
    avoid: Container[str],
    seed: str,
    reply_subject: str = "",
    phrasebook: Phrasebook = BUILT_IN,
    liked: Container[str] = (),
) -> Composed:
    """Return the draft for `facts`.

    `avoid` are ids of wordings that should not come again (those of the day's other drafts and of the last draft to
    this person); one is used only where nothing else fits. `seed` names person and local day. `reply_subject` is the
    subject of the thread that is answered, "" for a new one. `liked` are ids of wordings that come more often.

    Raises:
        BrokenTemplate: there are no templates for the occasion in this language, or they are wrong.
    """
    known = _known(facts)
    silent = phrasebook.left_out(facts.language, facts.occasion)
    pool = [
        wording
        for wording in phrasebook.wordings(facts.language, facts.occasion)
        if wording.part not in silent
        and wording.suits(
            silence=facts.silence,
            relation=facts.relation,
            kind=facts.about,
            formality=facts.formality,
            known=frozenset(known),
        )
    ]
    chosen = _choose(pool, "bridge" if "topic" in known and "shared" not in silent else "shared", avoid, liked, seed)
    said = {part: render(wording, known) for part, wording in chosen.items()}
    if facts.language == "it" and (city := known.get("city", ""))[:1] in {"A", "a"}:
        said = {part: text.replace(f" a {city}", f" ad {city}") for part, text in said.items()}
    plans = list(_plans(said, frozenset({"news"}) if facts.occasion == "news" else frozenset()))
    kept = next((plan for plan in plans if _fits(said, plan)), None)
    if phrasebook != BUILT_IN and not reply_subject and count_words(said["subject"]) > _SUBJECT_WORDS:
        kept = None
    if kept is None:
        if phrasebook != BUILT_IN:  # the user's own are too long, too short or ask too much: auld's never are
            return compose(facts, avoid=avoid, seed=seed, reply_subject=reply_subject, liked=liked)
        kept = plans[-1]
    lines, order = [facts.greeting], _ASKED if facts.occasion == "reference" else _PARAGRAPHS
    text = [" ".join(said[part] for part in paragraph if part in kept) for paragraph in order]
    lines += _begun(facts.greeting, [paragraph for paragraph in text if paragraph])
    lines.append("\n".join(line for line in (said["sign_off"], clean(facts.signed, _LINE)) if line))
    if signature := _signature(facts.signature):
        lines.append(signature)
    used = kept | {"sign_off"} | (set() if reply_subject else {"subject"})
    return Composed(
        subject=clean(reply_subject, 4 * _LINE) or said["subject"],
        body=_typeset("\n\n".join(lines) + "\n"),
        variant=tuple(chosen[part].id for part in chosen if part in used),
        news_told="news" in kept,
        note_told="note" in kept,
    )


def example(occasion: Occasion, language: Language = "en", formality: Formality = "informal") -> Facts:
    """Return facts about nobody, for a preview."""
    return Facts(
        occasion=occasion,
        language=language,
        formality=formality,
        greeting=greeting("", "", "Sam Hollis", "sam@example.com", language, formality),
        silence=Silence.MONTHS,
        topic=mention(_EXAMPLES[language], language),
        about="mail",
        when=times(language)["year_ago"],
        news=_NEWS[language],
        year=2030 if occasion == "new-year" else None,
        city="Utrecht" if occasion == "lunch" else None,
        title="Head of Design" if occasion == "congratulations" else None,
        company="Example Ltd" if occasion == "reference" else None,
        signed="Robin",
    )


def preview(
    occasion: Occasion, language: Language = "en", formality: Formality = "informal", phrasebook: Phrasebook = BUILT_IN
) -> Composed:
    """Return an example of an occasion, made of facts about nobody.

    Raises:
        BrokenTemplate: there are no templates for it.
    """
    return compose(example(occasion, language, formality), avoid=(), seed="preview", phrasebook=phrasebook)


def _known(facts: Facts) -> Mapping[str, str]:
    """Return the facts that a wording may name, each cleaned once more; a fact that is not known is not there."""
    known = {
        "topic": clean(facts.topic or "", _LINE) if facts.about else "",
        "when": clean(facts.when or "", _LINE),
        "news": sentence(facts.news or "", NEWS_LONGEST),
        "note": sentence(facts.note or "", NEWS_LONGEST),
        "year": str(facts.year or ""),
        "city": clean(facts.city or "", _LINE),
        "title": clean(facts.title or "", _LINE),
        "company": clean(facts.company or "", _LINE),
        "me": clean(facts.signed, _LINE) if count_words(facts.signed) <= _SIGNED_WORDS else "",
    }
    return {name: value for name, value in known.items() if value}


def _choose(
    pool: Sequence[Wording], unsaid: str, avoid: Container[str], liked: Container[str], seed: str
) -> dict[str, Wording]:
    """Return one wording for each part but `unsaid`, such that no two share a telling word if that can be had."""
    chosen: dict[str, Wording] = {}
    heard: set[str] = set()
    for part in PARTS:
        if part == unsaid:
            continue
        choice = min(
            (wording for wording in pool if wording.part == part),
            key=lambda it: (
                it.spare,
                it.id in avoid,
                not heard.isdisjoint(_telling(it)),
                _rank(it, seed, it.id in liked),
            ),
            default=None,
        )
        if choice is not None:
            chosen[part] = choice
            if part != "subject":  # it says what the text is about
                heard |= _telling(choice)
    return chosen


def _telling(wording: Wording) -> set[str]:
    """Return what of a wording would be noticed if it were said twice in one draft: its long words, and facts.

    Of a word its beginning: arrange and arrangerait, the same with an ending.
    """
    return {word[:_STEM] for word in _LONG_WORD.findall(wording.text.casefold())} | (wording.needs & _ONCE)


def _rank(wording: Wording, seed: str, liked: bool) -> float:
    """Return a number that orders wordings at random but always alike; small comes first.

    Weighted rendezvous hashing: a wording added or taken away changes only the drafts that use it.
    """
    digest = hashlib.sha256(f"{seed}\n{wording.id}".encode()).digest()
    share = (int.from_bytes(digest[:7]) + 1) / (2**56 + 1)
    return -math.log(share) / ((_PARTICULAR if wording.is_particular else 1.0) * (_LIKED if liked else 1.0))


def _typeset(text: str) -> str:
    """Return `text` with spaces inside guillemets that do not break, as French has them."""
    return text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _begun(greeting: str, paragraphs: list[str]) -> list[str]:
    """Return the paragraphs behind a greeting: where it ends a sentence, they begin one.

    German goes on with a small letter after the comma of a greeting, and its wordings are written so.
    """
    if paragraphs and not greeting.endswith(","):
        return [paragraphs[0][0].upper() + paragraphs[0][1:], *paragraphs[1:]]
    return paragraphs


def _plans(said: Mapping[str, str], kept: frozenset[str]) -> Iterator[frozenset[str]]:
    """Yield which parts are said, the fullest first: our own words give way before the user's do, `kept` never."""
    parts = frozenset(said) - {"subject", "sign_off"}
    own = [silent - kept for silent in (frozenset({"news"}), frozenset({"note"}), frozenset({"news", "note"}))]
    for silent in dict.fromkeys((frozenset[str](), *own)):
        for unasked in (frozenset[str](), frozenset({"question"})):
            yield from (parts - silent - unasked - spared for spared in _SPARED)
    # This fits with the built-in wordings.
    yield parts - (frozenset({"news", "note"}) - kept)


def _fits(said: Mapping[str, str], plan: frozenset[str]) -> bool:
    text = " ".join(said[part] for part in plan)
    return WORDS_AT_LEAST <= count_words(text) <= WORDS_AT_MOST and len(_ASKS.findall(text)) <= 1


def _signature(text: str) -> str:
    """Return the signature block (RFC 3676, 4.3) with its separator, or "" if there is none."""
    lines = [clean(line, _LINE) for line in re.split(r"\r\n|\r|\n", text.strip())][:_SIGNATURE_LINES]
    return "-- \n" + "\n".join(lines) if any(lines) else ""
