"""Sentences about what was left out of a read."""

from typing import Final

_MOST: Final = 20


class Problems:
    """Sentences about single `things`, to be told with the next batch; each once, and not too many."""

    def __init__(self, things: str) -> None:
        self._things = things
        self._told: set[str] = set()
        self._waiting: list[str] = []
        self._more = 0

    def add(self, sentence: str) -> None:
        """Note a sentence."""
        if sentence in self._told:
            return
        if len(self._told) < _MOST:
            self._told.add(sentence)
            self._waiting.append(sentence)
        else:
            self._more += 1

    def take(self) -> tuple[str, ...]:
        """Return what is to be told now."""
        sentences, self._waiting = self._waiting, []
        if self._more:
            sentences.append(f"{self._more} more {self._things} were left out.")
            self._more = 0
        return tuple(sentences)
