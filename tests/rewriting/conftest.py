"""One server for all tests of a file: each says what it answers."""

from collections.abc import Iterator

import pytest

from tests.rewriting.fake import Server


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Server]:
    with Server().running() as server:
        yield server


@pytest.fixture
def server(shared_server: Server) -> Server:
    shared_server.asked.clear()
    return shared_server
