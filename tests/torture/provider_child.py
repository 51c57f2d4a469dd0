"""Bears auld's processes for the torture of accounts at providers, each in a few milliseconds, ready to be killed.

As a program it waits with everything imported and forks for each order it reads: `words`, `said`, `at` and `delay` are
those of `killer`; `patience` is how many seconds a child waits for an answer, `page` how many mails it asks for at once
where that can be chosen. It tells the child's number at once, then how the child ended. Only the passing of time is not
as in auld: a child's pauses let its clock go on at once.
"""

import contextlib
import gc
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self, get_args

ROOT = Path(__file__).parents[2]
_WARM: Final = ("daemon.cli.app", "daemon.cli.reading", "daemon.round", "typer._adapters", "netrc")
_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "gmail": (
        "connectors.gmail.account", "connectors.gmail.tokens", "connectors.gmail.wire", "connectors.mime.writing",
        "googleapiclient.discovery", "googleapiclient.discovery_cache", "googleapiclient.http",
    ),
    "outlook": ("connectors.outlook.account", "connectors.outlook.oauth"),
}  # fmt: skip


class Driver:
    """A process that bears auld's, for accounts of one kind.

    `seed` is for the hashing of text: no outcome may hang on the order of a set. `trusted` is a file with the
    certificate of who issued the provider's.
    """

    def __init__(self, kind: str, seed: int, trusted: Path | None = None) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed % 2**32)}
        if trusted is not None:
            environment["REQUESTS_CA_BUNDLE"] = str(trusted)
        self._process = subprocess.Popen(
            [sys.executable, __file__, kind],
            cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def run(self, born: "Future[int]", said: Path, *words: str, **how: object) -> tuple[int, str]:
        """Type a command; return its exit code and what it said on stderr. `born` is told the process's number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"words": words, "said": str(said), **how}) + "\n")
        self._process.stdin.flush()
        born.set_result(json.loads(self._process.stdout.readline()))
        code = json.loads(self._process.stdout.readline())
        return code, said.read_text(encoding="utf-8")


def _work_out() -> None:
    """Do once for all children what each process works out once and keeps."""
    phrasebook, lists = import_module("daemon.compose.phrasebook").BUILT_IN, import_module("daemon.compose.lists")
    for occasion in get_args(import_module("daemon.settings").Occasion):
        phrasebook.wordings("en", occasion)
    for words in Path(str(lists.__file__)).with_name("words").iterdir():
        lists.contains(words.stem, "")
    with (
        TemporaryDirectory() as folder,
        import_module("daemon.state").State.open(Path(folder), write=True, clock=lambda: datetime.now(UTC)),
    ):
        pass
    commands = import_module("typer.main")
    vars(commands)["get_command"] = made = cache(commands.get_command)
    made(import_module("daemon.cli.app").app)


def _pass_time() -> None:
    """Let pauses take no time, in this process and those it bears."""
    accounts, base = import_module("daemon.accounts"), import_module("connectors.base")
    passed = [0.0]

    def wait(seconds: float) -> None:
        passed[0] += seconds

    def host(*lent: Any, **_: Any) -> Any:
        return base.Host(*lent, lambda: time.monotonic() + passed[0], wait)

    vars(accounts)["Host"] = host


def _prepare(kind: str, order: dict[str, Any]) -> None:
    """Let the next child be as patient as ordered."""
    patience = order["patience"]
    if kind == "gmail":
        vars(import_module("connectors.gmail.wire"))["TIMEOUT"] = (patience, patience)
        vars(import_module("connectors.gmail.tokens"))["TIMEOUT"] = patience
    else:
        for name in ("wire", "oauth"):
            vars(import_module(f"connectors.{kind}.{name}"))["TIMEOUT"] = (patience, patience)
        vars(import_module(f"connectors.{kind}.api"))["PAGE"] = order["page"]


def _serve(kind: str, bear: Callable[[dict[str, Any]], None]) -> None:
    """Take orders, a line each."""
    for name in (*_WARM, *_OF_KIND[kind]):
        import_module(name)
    with (
        contextlib.suppress(SystemExit),
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stderr(nowhere),
    ):
        import_module("daemon.cli").main(["--config", os.devnull, "once"])
    _work_out()
    logging.getLogger().handlers.clear()
    _pass_time()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        _prepare(kind, order)
        child = os.fork()
        if child == 0:
            bear(order)
        print(child, flush=True)
        if order.get("delay") is not None:
            time.sleep(order["delay"])  # the moment is the matter here
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1], import_module("tests.torture.killer")._bear)
