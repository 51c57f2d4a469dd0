"""A home for each test, and an environment in which nothing of this machine's user is seen."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.archive import Home
from tests.cli.conftest import _own_environment

__all__ = ["_own_environment"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with empty mail folders, and a config without people."""
    return Home(tmp_path).build()


@pytest.fixture
def diary() -> Iterator[list[tuple[str, str]]]:
    """What the service logs: level and text."""
    lines: list[tuple[str, str]] = []

    class Pen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append((record.levelname, record.getMessage()))

    service, pen = logging.getLogger("daemon.service"), Pen()
    service.addHandler(pen)
    yield lines
    service.removeHandler(pen)
