"""Worker processes give what this process would, in order, and their death costs nothing."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from connectors.files import crew as crew_module
from connectors.files import mail
from connectors.files.crew import Crew
from connectors.files.maildir import list_messages
from connectors.files.pieces import Piece, read_piece
from tests.connectors.files.disk import ids, maildir, put, read, source


@pytest.fixture
def pieces(tmp_path: Path) -> list[tuple[int, Piece]]:
    box = maildir(tmp_path)
    for number in range(120):
        put(box, f"1600000{number:03}.a:2,S")
    paths = sorted(list_messages(str(box)))
    return [(at, (str(box), tuple(paths[at : at + 5]), 0, 0, None, False, False)) for at in range(0, 120, 5)]


def test_two_workers_read_what_one_process_reads_in_the_same_order(pieces: list[tuple[int, Piece]]) -> None:
    with Crew(2) as crew:
        results = list(crew.run(pieces))
    assert results == [(tag, piece, read_piece(piece)) for tag, piece in pieces]


def test_the_pieces_of_workers_that_die_are_read_here(pieces: list[tuple[int, Piece]]) -> None:
    with Crew(2) as crew:
        results = []
        for number, result in enumerate(crew.run(pieces)):
            results.append(result)
            if number == 3:
                for worker in crew._workers:
                    os.kill(worker._process.pid, signal.SIGKILL)
                    worker._process.wait()
    assert results == [(tag, piece, read_piece(piece)) for tag, piece in pieces]


def test_no_worker_is_left_when_the_caller_stops_early(pieces: list[tuple[int, Piece]]) -> None:
    with Crew(2) as crew:
        next(crew.run(pieces))
        workers = list(crew._workers)
    assert [worker._process.poll() for worker in workers] == [0, 0]


def test_without_workers_pieces_are_read_here(pieces: list[tuple[int, Piece]], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with Crew(2) as crew:
        assert list(crew.run(pieces)) == [(tag, piece, read_piece(piece)) for tag, piece in pieces]


def test_a_large_folder_is_read_by_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = maildir(tmp_path)
    for number in range(50):
        put(box, f"1600000{number:03}.a:2,S")
    sizes: list[int] = []

    class Watched(Crew):
        def __init__(self, size: int) -> None:
            sizes.append(size)
            super().__init__(size)

    monkeypatch.setattr(mail, "Crew", Watched)
    monkeypatch.setattr(mail, "_MANY_MESSAGES", 10)
    monkeypatch.setattr(mail, "processors", lambda: 2)
    assert len(ids(read(source(box)))) == 50
    assert sizes == [2]


def test_there_is_a_processor() -> None:
    assert crew_module.processors() >= 1
