"""The fake as a process of its own, for measurements with real time: `python -m tests.graph --sent 50000 --received
100000 --latency 0.3`.

When it is ready it writes one line of JSON: `url`, `authority`, `ca` (a file), `client_id`, `access_token`, `cache`
(msal's token cache after a sign-in), and what was put into the mailbox: `sent`, `received`, `candidates`, `pages` (the
least number of requests at 500 a page), `friends`. Every line it reads is answered by one of JSON: `requests`, `calls`
(by method), `refused`, `most` (calls at once), `sends`. It ends when its input does.
"""

import argparse
import gc
import sys
from typing import Any

import orjson

from tests.graph.client import SCOPES, cache
from tests.graph.clock import RealClock
from tests.graph.plenty import fill
from tests.graph.server import Graph


def main() -> None:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.graph")
    parser.add_argument("--port", type=int, default=0, help="of the API over plain HTTP; 0: a free one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds every request takes")
    parser.add_argument("--sent", type=int, default=0)
    parser.add_argument("--received", type=int, default=0)
    parser.add_argument("--friends", type=int, default=2_000)
    parser.add_argument("--headers", choices=("always", "never", "some"), default="always", help="in list answers")
    chosen = parser.parse_args()
    with Graph(clock=RealClock(), port=chosen.port) as graph:
        graph.mail.headers_in_lists = "some" if chosen.headers == "some" else chosen.headers == "always"
        made = fill(graph, chosen.sent, chosen.received, friends=chosen.friends)
        gc.freeze()  # so that collecting garbage does not go over the mailbox again and again
        ready = {
            "url": graph.url,
            "authority": graph.authority,
            "ca": str(graph.ca),
            "client_id": graph.login.client_id,
            "access_token": graph.login.sign_in(SCOPES)["access_token"],
            "cache": cache(graph),
            "sent": made.sent,
            "received": made.received,
            "candidates": made.candidates,
            "pages": made.pages(),
            "friends": len(made.last),
        }
        graph.log.clear()
        graph.requests = 0
        graph.linger = chosen.latency
        say(ready)
        for _ in sys.stdin:
            counted = graph.throttle
            say({
                "requests": graph.requests,
                "calls": dict(counted.calls),
                "refused": counted.refused,
                "most": counted.most,
                "sends": len(graph.sends),
            })  # fmt: skip


def say(told: Any) -> None:
    """Write one line of JSON."""
    sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
