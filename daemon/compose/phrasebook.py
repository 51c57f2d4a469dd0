"""The wordings at hand: the user's own files before the built-in ones.

A part of a draft that the user's file for an occasion and language has takes the place of the built-in one. A file that
is broken is left aside, as if it were not there, and told in `faults`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeVar, get_args

from daemon.compose import wording
from daemon.compose.wording import COMMON, BrokenTemplate, Wording, built_in
from daemon.settings import Language, Occasion

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Where wordings are looked for; `own` is the user's folder, None for none."""

    own: Path | None = None

    def wordings(self, language: Language, occasion: Occasion) -> tuple[Wording, ...]:
        """Return all wordings for an occasion in a language.

        Raises:
            BrokenTemplate: neither the user nor auld has one that can be used.
        """
        return self._first(lambda sources: wording.wordings(language, occasion, sources))

    def left_out(self, language: Language, occasion: Occasion) -> frozenset[str]:
        """Return the parts that a draft of an occasion never has."""
        return self._first(lambda sources: wording.left_out(language, occasion, sources))

    def exists(self, language: Language, occasion: Occasion) -> bool:
        """Say whether drafts of this occasion can be written in this language."""
        return self._first(lambda sources: any(wording.has_file(one, language, occasion) for one in sources))

    def faults(self) -> Iterator[BrokenTemplate]:
        """Yield what is wrong with the user's files; none of the broken ones is used."""
        if self.own is None:
            return
        if not self.own.is_dir():
            yield BrokenTemplate(str(self.own), "there is no such folder")
            return
        for folder in (self.own, *(self.own / language for language in get_args(Language))):
            try:
                if folder.is_dir():
                    next(iter(folder.iterdir()), None)
            except OSError as err:
                yield BrokenTemplate(str(folder), f"it cannot be read ({err.strerror})")
                return
        known = {(language, name) for language in get_args(Language) for name in (*get_args(Occasion), COMMON)}
        for file in sorted(self.own.rglob("*.toml")):
            place = file.relative_to(self.own)
            if len(place.parts) != 2 or (place.parts[0], place.stem) not in known:  # noqa: PLR2004 -- folder and file
                names = ", ".join((*get_args(Occasion), COMMON))
                reason = f"is not read: name it LANGUAGE/OCCASION.toml, a language like en, an occasion of {names}"
                yield BrokenTemplate(str(place), reason)
                continue
            try:
                wording.read_file(place.parts[0], place.stem, (self.own,))
            except BrokenTemplate as fault:
                yield fault

    def _sources(self) -> tuple[Traversable, ...]:
        return (built_in(),) if self.own is None else (built_in(), self.own)

    def _first(self, read: Callable[[tuple[Traversable, ...]], R]) -> R:
        """Return what is read of all sources; where the user's own fail, of the built-in alone."""
        try:
            return read(self._sources())
        except BrokenTemplate:
            if self.own is None:
                raise
            return read((built_in(),))


BUILT_IN: Final = Phrasebook()
