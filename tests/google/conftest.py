"""A Google for each test, and the real client signed in there."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.google.client import service
from tests.google.server import Google


@pytest.fixture
def google() -> Iterator[Google]:
    with Google() as fake:
        yield fake


@pytest.fixture
def gmail(google: Google) -> Iterator[Any]:
    client = service(google)
    yield client.users()
    client.close()


@pytest.fixture
def calendar(google: Google) -> Iterator[Any]:
    client = service(google, "calendar")
    yield client
    client.close()
