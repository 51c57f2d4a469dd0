"""An emulator that others wrote, as a program that runs; and what a person does in a browser before it.

It is the npm package that package.json names. What it takes for granted of Google and Microsoft was not read from our
code, nor ours from it.
"""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from random import randrange
from select import select
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

HERE: Final = Path(__file__).parent
PROGRAM: Final = HERE / "node_modules" / "@inbox-zero" / "emulate" / "dist" / "index.js"
NOBODY: Final = "nobody@example.com"
"""The first user, for whom the emulator takes whoever comes with an access token that it does not know."""
PATIENCE: Final = 20.0


def need_emulator(service: str) -> list[str]:
    """Return the words that run it; skip where it is not installed, but where all is, missing is failing."""
    node = shutil.which("node")
    missing = "node is not installed" if node is None else "" if PROGRAM.exists() else "npm did not install it"
    if missing and os.environ.get("AULD_NO_SKIP"):
        pytest.fail(f"the emulator cannot run ({missing}), and here no test may be skipped")
    if missing:
        pytest.skip(f"the emulator cannot run ({missing})")
    assert node is not None
    before = [word for name in ("listen.cjs", "clock.cjs") for word in ("--require", str(HERE / name))]
    return [node, *before, str(PROGRAM), "--service", service]


@contextmanager
def running(
    service: str, folder: Path, seed: dict[str, Any], *more: str, begins: datetime | None = None
) -> Iterator[str]:
    """Run the emulator of a service; yield its address. `more` are further words; `begins` is when its clock begins."""
    words, path = need_emulator(service), folder / "seed.json"
    path.write_text(json.dumps({service: seed}), "utf-8")
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    with subprocess.Popen(
        [*words, "--seed", str(path), *more],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=environ | ({} if begins is None else {"EMULATOR_BEGINS": begins.isoformat()}),
    ) as process:
        try:
            yield f"http://127.0.0.1:{_port(process)}"
        finally:
            process.kill()


def spare_port() -> int:
    """Return a port that is free, of those that no program is ever given by chance."""
    while True:
        port = randrange(20_000, 30_000)
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


def session(trusts: Path | None = None) -> requests.Session:
    """Return a session that no setting of this machine leads elsewhere; `trusts` is a file of certificates."""
    made = requests.Session()
    made.trust_env = False
    if trusts is not None:
        made.verify = str(trusts)
    return made


def _port(process: "subprocess.Popen[bytes]") -> int:
    """Wait until it listens; return where."""
    assert process.stdout is not None
    told = b""
    while select([process.stdout], [], [], PATIENCE)[0]:
        some = os.read(process.stdout.fileno(), 4096)
        told += some
        *_, last = told.partition(b"listening ")
        if last.endswith(b"\n"):
            return int(last)
        if not some:
            break
    raise AssertionError(f"the emulator does not start: {told.decode(errors='replace')}")


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and its hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.found.append((told.get("action") or "", {}))
        elif tag == "input" and self.found:
            self.found[-1][1][told.get("name") or ""] = told.get("value") or ""


class Browser:
    """What a person does in a browser: opens an address, chooses an account, and is led back to this machine."""

    def __init__(self, email: str, trusts: Path | None = None) -> None:
        self._email = email
        self._trusts = trusts
        self.asked: dict[str, str] = {}

    def agree(self, address: str) -> str:
        """Open the address, agree, and return the page at which it ends."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        with session(self._trusts) as http:
            page = http.get(address, timeout=PATIENCE)
            assert page.status_code == 200, page.text
            fitting = [form for form in _Forms(page.text).found if form[1].get("email") == self._email]
            [(action, fields)] = fitting
            end = http.post(urljoin(page.url, action), data=fields, timeout=PATIENCE)
        assert end.status_code == 200, end.text
        return end.text

    def bring(self, address: str, **fields: str) -> requests.Response:
        """Go to where the address would lead back to, without the sign-in page; with these fields."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        with session() as http:
            return http.get(self.asked["redirect_uri"], params=fields, timeout=PATIENCE)
