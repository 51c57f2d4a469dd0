"""An environment in which nothing of this machine's user is seen, and no waiting for the disk."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("somebody")))
        for name in ("AULD_CONFIG", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY"):
            patch.delenv(name, raising=False)
        patch.setattr(os, "fsync", lambda _: None)
        yield
