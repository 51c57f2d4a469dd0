"""No secret in a core dump: neither in a file nor in what the system's crash reporter collects."""

import logging
import resource
import sys
from functools import cache
from typing import Final

log = logging.getLogger(__name__)

_PR_SET_DUMPABLE: Final = 4  # prctl(2)


@cache
def keep_out_of_dumps() -> None:
    """See to it that this process is never dumped. A reporter that is piped to heeds no limit, so Linux is told too."""
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            import ctypes  # noqa: PLC0415

            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    except (OSError, ValueError, AttributeError) as err:
        log.debug("core dumps cannot be forbidden: %s", err)
