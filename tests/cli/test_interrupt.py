"""Ctrl-C while a provider does not answer: the command ends at once, and what was stored before is there."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from connectors.gmail import tokens
from daemon.secrets import FileSecrets
from tests.cli.archive import MAIN_ACCOUNT, Home, listed

ROOT = Path(__file__).parent.parent.parent
SOON = 3.0  # seconds; on a busy machine, too


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A place that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(30)
        yield listening


def connected(home: Home, silent: socket.socket, names: list[str]) -> str:
    """Let there be signed-in web accounts whose provider is `silent`; return their stanzas."""
    root = f"http://127.0.0.1:{silent.getsockname()[1]}"
    client = {"client_id": "1-auld.apps.example.com", "client_secret": "x", "auth_uri": root, "token_uri": f"{root}/t"}
    (home.path / "client.json").write_text(json.dumps({"installed": client}), encoding="utf-8")
    kept = tokens.write(tokens.SignIn("r", "a", None, (), datetime(2026, 10, 1, tzinfo=UTC), "robin@example.com"))
    for name in names:
        FileSecrets(home.state / "secrets" / name).put(tokens.NAME, kept)
    return "".join(
        f'[[accounts]]\nname = "{name}"\nkind = "gmail"\nclient_secret = "client.json"\napi_url = "{root}"\n'
        for name in names
    )


@pytest.mark.parametrize("command", ["sync", "once"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
@pytest.mark.parametrize("names", [["home"], ["home", "work"]], ids=["one hangs", "two hang"])
def test_a_command_ends_at_once_while_accounts_wait_for_an_answer(
    home: Home, silent: socket.socket, names: list[str], number: signal.Signals, command: str
) -> None:
    home.friend()
    home.configure(listed("Ana Lima"))
    home.run("sync")
    home.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + connected(home, silent, names))
    home.wrote(at=1)
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    words = ["--config", str(home.config), command]
    with subprocess.Popen(
        [sys.executable, "-c", "from daemon.cli import main; main()", *words],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as run:  # fmt: skip
        waiting = [silent.accept()[0] for _ in names]
        began = monotonic()
        run.send_signal(number)
        _, err = run.communicate(timeout=30)
        took = monotonic() - began
        for one in waiting:
            one.close()
    assert took < SOON
    assert run.returncode == (130 if number == signal.SIGINT else -signal.SIGTERM), err
    assert b"Traceback" not in err
    if number == signal.SIGINT:
        assert err.decode().splitlines()[-1] == "auld: stopped. What was done so far is kept."
    assert home.person("ana@example.org")["contact_days"] in {6, 7}, "what was known stays known"
    home.configure(listed("Ana Lima"))
    home.run("sync")
    assert home.person("ana@example.org")["contact_days"] == 7
