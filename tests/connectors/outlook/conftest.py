"""What every test of the kind "outlook" may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.outlook.home import Home, signed_in


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with signed_in(tmp_path) as home:
        yield home
    # Whatever a test does: nothing that could send was ever asked for.
    assert home.graph.sends == []
