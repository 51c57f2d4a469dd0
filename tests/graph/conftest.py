"""A Graph for each test, and a session signed in there."""

from collections.abc import Iterator

import pytest

from tests.graph.client import Client
from tests.graph.server import Graph


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph() as fake:
        yield fake


@pytest.fixture
def client(graph: Graph) -> Iterator[Client]:
    signed_in = Client(graph)
    yield signed_in
    signed_in.close()
