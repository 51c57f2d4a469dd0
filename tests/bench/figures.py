"""A figure: what was measured against what is wanted, and the table of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `wanted` None: told for comparison only. `measured` None: not measured, `note` says why.

    `sense`: whether `wanted` is the most or the least that is good.
    """

    name: str
    measured: float | None
    wanted: float | None
    unit: str
    sense: Literal["at most", "at least"] = "at most"
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times as good as wanted; below 1 it is missed."""
        if not self.measured or not self.wanted:
            return None
        return self.wanted / self.measured if self.sense == "at most" else self.measured / self.wanted

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.measured is None:
            return "skipped"
        if self.wanted is None:
            return "-"
        good = self.measured <= self.wanted if self.sense == "at most" else self.measured >= self.wanted
        return "pass" if good else "MISS"


_ROW = "{:<62} {:>12} {:>16} {:>7}  {:<7} {}"


def head() -> str:
    """Return the head of the table."""
    return _ROW.format("figure", "measured", "wanted", "ratio", "", "").rstrip() + "\n" + "-" * 110


def line(figure: Figure) -> str:
    """Return one figure as a line of the table."""
    wanted = "" if figure.wanted is None else f"{'<=' if figure.sense == 'at most' else '>='} {_number(figure.wanted)}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    measured = "-" if figure.measured is None else f"{_number(figure.measured)} {figure.unit}"
    return _ROW.format(figure.name, measured, wanted, ratio, figure.verdict, figure.note).rstrip()


def missed(figures: Iterable[Figure]) -> list[Figure]:
    """Return those that are not as wanted."""
    return [figure for figure in figures if figure.verdict == "MISS"]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
