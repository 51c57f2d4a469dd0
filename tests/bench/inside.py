"""What is measured inside one process: opening the state, and a durable commit. Run as `python -m tests.bench.inside`.

It prints one JSON object: `open` and `commit` in seconds (`commit` is the median of several).
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from connectors.types import Address, Mail
from daemon.state import State

_NEWS = 100  # mails of a round
_COMMITS = 5


def _news(turn: int) -> Iterator[Mail]:
    start = datetime.now(UTC) - timedelta(hours=1)
    me = Address("robin@example.com", "Robin Park")
    for number in range(_NEWS):
        other = Address(f"new{turn}.{number}@example.org", f"New Person{number}")
        yield Mail(
            message_id=f"new-{turn}-{number}@example.org",
            dated_at=start + timedelta(seconds=number),
            received_at=None,
            sender=other,
            recipients=(me,),
            subject="something new",
            thread=f"new-{turn}-{number}@example.org",
            in_sent=False,
        )


def _commit(state: State, turn: int) -> float:
    """Store the news of a round; return how long that took, the taking in included."""
    mails = list(_news(turn))
    start = time.perf_counter()
    with state.commit() as change:
        state.add_page(change, state.ledger.add_mails("archive", mails))
        state.put_account(change, replace(state.account("archive"), mail_cursor=f"turn {turn}"))
    return time.perf_counter() - start


def main() -> None:
    """Open the state in the folder given, and commit to it."""
    folder = Path(sys.argv[1])
    start = time.perf_counter()
    with State.open(folder, write=True, clock=lambda: datetime.now(UTC)) as state:
        assert len(state.ledger.mails)  # facts are read when first asked for
        opened = time.perf_counter() - start
        if "--commit" in sys.argv:
            print(json.dumps({"open": opened, "commit": median(_commit(state, turn) for turn in range(_COMMITS))}))
        else:
            print(json.dumps({"open": opened}))


if __name__ == "__main__":
    main()
