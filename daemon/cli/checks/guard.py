"""What keeps one look of `auld check` from hiding what the others find."""

import logging
from collections.abc import Callable, Iterable, Iterator

from connectors.base import Finding

log = logging.getLogger(__name__)


def guarded(name: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield what is found, and what keeps the rest from being found: nothing may hide the other findings."""
    from connectors.errors import ConnectorError  # noqa: PLC0415
    from daemon.store import Busy, StateError  # noqa: PLC0415

    try:
        yield from look()
    except ConnectorError as err:
        yield Finding(name, "fail", str(err), "do what it says, then: auld check")
    except (StateError, Busy) as err:
        yield Finding(name, "fail", str(err), "")
    except OSError as err:
        yield Finding(name, "fail", f"{err.filename or name} cannot be looked at ({err.strerror})", "mend that")
    except Exception as err:  # a mistake of ours in one place
        log.debug("a check failed", exc_info=True)
        detail = f"something went wrong that should not have ({type(err).__name__})"
        yield Finding(name, "fail", detail, "run auld check -v and report what it prints")
