"""Commands that ask, on a real (pseudo-)terminal: what they ask, what an answer does, and what colours they use."""

from tests.cli.archive import NOW, Home
from tests.cli.typed import typed


def _over(home: Home, *words: str, answers: str = "", **more: str) -> tuple[int, str]:
    return typed("--config", str(home.config), "--now", NOW.isoformat(), *words, answers=answers, **more)


def test_forget_asks_first_and_no_is_the_usual_answer(ana: Home) -> None:
    kept = (ana.state / "ledger.json").read_bytes()
    for answer in ("\n", "perhaps\n"):
        code, shown = _over(ana, "forget", "ana", answers=answer)
        assert code == 1
        assert "Ana Lima" in shown
        assert "cannot be undone" in shown
        assert (ana.state / "ledger.json").read_bytes() == kept
    assert _over(ana, "forget", "ana", answers="y\n")[0] == 0
    assert b"ana@example.org" not in ana.kept()


def test_review_is_done_with_single_letters(home: Home) -> None:
    home.friend()
    home.friend("Bela Kovacs <bela@example.net>")
    home.run("sync")
    code, shown = _over(home, "review", answers="K\nm\n")
    assert code == 0
    assert "2 of 2 reviewed" in shown
    assert home.person("ana@example.org")["state"] == "listed"
    assert home.person("bela@example.net")["state"] == "muted"


def test_no_color_takes_the_colours_away_on_a_terminal_too(ana: Home) -> None:
    for words in (["people"], ["why", "ana"]):
        code, shown = _over(ana, *words, NO_COLOR="1")
        assert code == 0
        assert "\x1b[3" not in shown, "colours are CSI 3x and 38;5"
        assert "\x1b[9" not in shown


def test_tables_on_a_terminal_fit_its_eighty_columns(ana: Home) -> None:
    _, shown = _over(ana, "people", NO_COLOR="1", TERM="dumb")
    assert "Ana Lima" in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_what_wraps_goes_on_beneath_its_own_words(ana: Home) -> None:
    for place in range(2):
        ana.got("Ana Lima <ana@a-long-name-of-a-domain.example.org>", 30 + place, subject="A subject of some length")
    ana.run("sync")
    _, shown = _over(ana, "why", "ana@example.org")
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 80
    [dated] = [place for place, line in enumerate(lines) if line.startswith("  25 Oct 2026  ")]
    assert lines[dated + 1].startswith(" " * 15 + "ana@a-long")
    tie = next(place for place, line in enumerate(lines) if line.startswith("  ana@example.org: "))
    assert lines[tie + 1].startswith("    "), "what bears no date hangs by two more than it is indented"
    assert lines[tie + 1][4] != " "
    _, shown = _over(ana, "check")
    assert max(len(line) for line in shown.splitlines() if " " in line.strip()) <= 80
