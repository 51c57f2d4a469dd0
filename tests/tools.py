"""Programs of the system that a test needs."""

import os
from shutil import which

import pytest


def need(program: str) -> str:
    """Return where `program` lies; without it, the test is skipped, or fails where AULD_NO_SKIP is set."""
    found = which(program)
    if found is None:
        missing = f"{program} is not installed"
        if os.environ.get("AULD_NO_SKIP"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found
