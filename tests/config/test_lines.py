"""The line of a key is right, or is not told."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daemon.config.lines import find_lines, find_repeated, line_of

Path = tuple[str | int, ...]

# Values that look like other things: headers, keys, comments, ends of lists.
SCALARS = st.sampled_from(
    [
        "1",
        "true",
        "-1.5e3",
        "1979-05-27 07:32:00",
        "07:32:00",
        '"[a]"',
        '"# \\" = \\\\"',
        "'[[b]] \\'",
        '"""\n[a]\nb = 1\n"""',
        '"""x""\\"""""',
        "'''\n[[b]]\n'''",
        "''''x''''",
        '"""\\\n   a = 1 \\""" # ]"""',
    ]
)
KEYS = st.sampled_from(["a", "b", "c-d", "1", '"a"', "'b'", '"x.y"', "'#'", '"\\u00e9 ["', '""'])


class Page:
    """A TOML text as it is written, and the line of each key."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[Path, int] = {}

    def line(self) -> int:
        return self.text.count("\n") + 1

    def gap(self) -> None:
        self.text += self.draw(st.sampled_from(["", "", " ", "\n", " # ] = [a]\n", "\n\n\t"]))

    def name(self) -> tuple[str, str]:
        written = self.draw(KEYS)
        return written, next(iter(tomllib.loads(f"{written} = 0")))

    def pairs(self, section: Path) -> None:
        for _ in range(self.draw(st.integers(0, 4))):
            self.text += self.draw(st.sampled_from(["", "\n", "# a = 1\n", "  "]))
            written, key = self.name()
            path = (*section, key)
            if path in self.lines:
                continue
            self.lines[path] = self.line()
            if self.draw(st.booleans()):
                dotted, inner = self.name()
                written, path = f"{written} . {dotted}", (*path, inner)
                self.lines[path] = self.line()
            self.text += f"{written} = "
            self.value(path, self.draw(st.integers(0, 3)))
            self.text += self.draw(st.sampled_from(["\n", " # [a]\n", "\t\n\n"]))

    def value(self, path: Path, depth: int) -> None:
        shape = self.draw(st.sampled_from(["scalar", "list", "table"])) if depth else "scalar"
        if shape == "scalar":
            self.text += self.draw(SCALARS)
            return
        several = shape == "list"
        self.text += "[" if several else "{"
        for number in range(self.draw(st.integers(0, 3))):
            if several:
                self.gap()
            self.text += (", " if number else "") if not several else ""
            inner: Path = (*path, number if several else f"k{number}")
            self.lines[inner] = self.line()
            if not several:
                self.text += f"k{number} = "
            self.value(inner, depth - 1)
            self.text += ", " if several else ""
        self.text += "]" if several else "}"


@st.composite
def pages(draw: st.DrawFn) -> Page:
    page = Page(draw)
    page.pairs(())
    page.text += "\n"
    counts: dict[tuple[str], int] = {}
    for number in range(draw(st.integers(0, 5))):
        shape = draw(st.sampled_from(["single", "several", "below", "implied"]))
        holder: Path = ()
        if shape == "several":
            name = draw(st.sampled_from(["people", "circles"]))
            count = counts[name,] = counts.get((name,), 0) + 1
            page.lines.setdefault((name,), page.line())
            holder, written = (name, count - 1), f"[[ {name} ]] # [[x]]"
        elif shape == "below" and counts:
            (name,) = draw(st.sampled_from(sorted(counts)))
            holder = (name, counts[name,] - 1, f"s{number}")
            written = f'[{name}."s{number}"]'
        elif shape == "implied":
            page.lines[f"i{number}",] = page.line()
            holder, written = (f"i{number}", "x"), f"[ i{number} . x ]"
        else:
            holder, written = (f"s{number}",), f"[s{number}]"
        page.lines[holder] = page.line()
        page.text += f"{written}\n"
        page.pairs(holder)
    return page


@given(pages())
def test_every_key_of_any_file_is_found_in_its_line(page: Page) -> None:
    assert find_lines(page.text, tomllib.loads(page.text)) == page.lines


def has(tree: Any, path: Path) -> bool:
    try:
        for step in path:
            tree = tree[step]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except ValueError:
        return None


@given(pages(), st.data())
def test_no_line_is_ever_wrong_in_a_text_that_was_tampered_with(page: Page, data: st.DataObject) -> None:
    """What stands before the line does not have the key; the first whole text that goes past it has."""
    text = page.text
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 3))
        new = data.draw(
            st.sampled_from(["", "\n", '"', "'", "#", "[", "]", "=", ".", "a", '"""', "\\", "a.b=1\n", "[a]\n"])
        )
        text = text[:at] + new + text[at + cut :]
    tree = parsed(text)
    if tree is None:
        return  # most that is tampered with is no TOML any more
    rows = text.split("\n")
    for path, line in find_lines(text, tree).items():
        before = parsed("\n".join(rows[: line - 1]))
        if before is None:
            continue  # within a value of several lines
        assert not has(before, path)
        past = (parsed("\n".join(rows[:end])) for end in range(line, len(rows) + 1))
        assert has(next(whole for whole in past if whole is not None), path)


@given(st.text("[]{}=.,#\"'\\\n ab1-_", max_size=60))
def test_any_text_is_walked_without_an_error(text: str) -> None:
    lines = find_lines(text, parsed(text) or {})
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
    find_repeated(text)


@given(pages(), st.data())
def test_a_key_that_stands_twice_is_found_in_both_lines(page: Page, data: st.DataObject) -> None:
    first = data.draw(st.sampled_from(["[me]\n", "[ 'me' ]\n"]))
    text = f"{page.text}\n{first}name = [\n1 ]\n"
    again = f'{text}\n"name" = [\n\n2 ]\nx = 1\n'
    at, line = text.count("\n") - 1, text.count("\n") + 2
    assert find_repeated(text) is None
    assert find_repeated(again) == (("me", "name"), at, line)


def test_a_missing_key_is_told_where_it_is_missing() -> None:
    lines = {("people",): 1, ("people", 0): 1, ("people", 1): 5}
    assert line_of(("people", 1, "name"), lines) == 5
    assert line_of(("people", 1, "lock", "turns"), lines) is None
    assert line_of((), lines) is None


def test_where_walk_and_parser_differ_nothing_is_told() -> None:
    assert find_lines("a = 1\n", {"a": 1, "b": 2}) == {}
    assert find_lines("a = \n", {"a": 1}) == {}
