"""Commands that ask, on a real (pseudo-)terminal: what they ask, what an answer does, and what colours they use."""

import os
import pty
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.cli.archive import NOW, Home, make_maildir

_PROGRAM = [sys.executable, "-c", "from daemon.cli import main; main()"]


def _typed(*words: str, answers: str = "", **more: str) -> tuple[int, str]:
    """Run auld on a terminal of its own, typing `answers`; return its exit code and all that was shown."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm-256color", **more}
    env |= {"COLUMNS": "80", "LANG": "C.UTF-8"}
    ours, theirs = pty.openpty()
    with subprocess.Popen([*_PROGRAM, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        os.write(ours, answers.encode())
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            shown += part
        code = process.wait(timeout=30)
    os.close(ours)
    text = shown.decode()
    assert "Traceback" not in text, text
    return code, text.replace("\r\n", "\n")


def _over(home: Home, *words: str, answers: str = "", **more: str) -> tuple[int, str]:
    return _typed("--config", str(home.config), "--now", NOW.isoformat(), *words, answers=answers, **more)


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


def test_init_asks_and_writes_what_was_answered(tmp_path: Path) -> None:
    make_maildir(tmp_path / "Sent")
    path = tmp_path / "config.toml"
    answers = f'Robin "R" Park\nrobin@example.com, rp@example.net\nmany\n3\n{tmp_path}/Sent\n\n\n{tmp_path}/Drafts\n'
    code, shown = _typed("init", "--config", str(path), answers=answers)
    assert code == 0, shown
    assert "is no number" in shown
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert written["me"]["name"] == 'Robin "R" Park'
    assert written["me"]["emails"] == ["robin@example.com", "rp@example.net"]
    assert written["rhythm"]["goal"] == 3
    assert written["accounts"][0]["sent"] == [f"{tmp_path}/Sent"]
    assert written["accounts"][0]["drafts"] == f"{tmp_path}/Drafts"


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
