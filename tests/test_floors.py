"""Imports run downward only: a room may know those below it, never those above."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import kinds

ROOT = Path(__file__).parent.parent

# From the ground up. A room may import rooms of lower floors, and its own.
FLOORS = [
    [
        "connectors.types",
        "connectors.errors",
        "connectors.text",
        "connectors.packing",
        "connectors.pace",
        "connectors.places",
        "connectors.pages",
        "connectors.http",
        "connectors.ahead",
    ],
    ["connectors.base", "connectors.faults", "connectors.loopback"],
    ["connectors"],
    ["connectors.mime", "connectors.ical"],
    ["connectors.files", "connectors.gmail", "connectors.outlook"],
    ["daemon.spans"],
    ["daemon.settings"],
    ["daemon.model"],
    ["daemon.ledger", "daemon.people"],
    ["daemon.contact", "daemon.due", "daemon.compose", "daemon.reconcile"],
    ["daemon.rewriting"],
    ["daemon.config", "daemon.store", "daemon.units"],
    ["daemon.secrets"],
    ["daemon.shelf", "daemon.accounts"],
    ["daemon.state", "daemon.resting"],
    ["daemon.health"],
    ["daemon.unread"],
    ["daemon.overview", "daemon.sync"],
    ["daemon.turn", "daemon.prospects", "daemon.desktop"],
    ["daemon.reading", "daemon.drafts", "daemon.writing"],
    ["daemon.drafting", "daemon.lookback"],
    ["daemon.round", "daemon.notices"],
    ["daemon.service"],
    ["daemon.demo"],
    ["daemon.cli"],
]
PURE = {
    "daemon.ledger",
    "daemon.people",
    "daemon.contact",
    "daemon.due",
    "daemon.compose",
    "daemon.reconcile",
    "daemon.model",
}
OUTSIDE = {"os", "subprocess", "socket", "httpx", "tinydb", "shutil", "tempfile", "urllib.request"}

SETTINGS_KINDS = set(kinds())  # folders that are kinds, not shared readers like mime


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("connectors", "daemon"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imports(path: Path, name: str) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively from {package}; say the whole path"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(name: str) -> str | None:
    """Return the longest room that `name` lies in."""
    fitting = [one for floor in FLOORS for one in floor if name == one or name.startswith(one + ".")]
    return max(fitting, key=len, default=None)


def floor_of(wanted: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if wanted in floor)


def test_every_module_lies_in_a_room() -> None:
    assert [name for name, _ in modules() if room(name) is None and name != "daemon"] == []


def test_no_import_runs_upward() -> None:
    upward = []
    for name, path in modules():
        own = room(name)
        for imported in imports(path, name):
            other = room(imported)
            if own is None or other is None or other == own:
                continue
            if floor_of(other) >= floor_of(own):
                upward.append(f"{name} imports {imported}")
    assert upward == []


def test_connectors_know_nothing_of_the_daemon() -> None:
    guilty = [
        name
        for name, path in modules()
        if name.startswith("connectors") and any(one.startswith("daemon") for one in imports(path, name))
    ]
    assert guilty == []


@pytest.mark.parametrize("pure", sorted(PURE))
def test_a_pure_room_touches_nothing_outside(pure: str) -> None:
    guilty = [
        f"{name} imports {imported}"
        for name, path in modules()
        if room(name) == pure
        for imported in imports(path, name)
        if any(imported == one or imported.startswith(one + ".") for one in OUTSIDE)
    ]
    assert guilty == []


def test_only_the_store_knows_tinydb() -> None:
    guilty = [
        name
        for name, path in modules()
        if room(name) != "daemon.store" and any(one.split(".")[0] == "tinydb" for one in imports(path, name))
    ]
    assert guilty == []


def test_no_provider_is_named_outside_its_folder() -> None:
    """Adding a provider is one folder: nothing else asks for a kind or for a connector's class."""
    kinds = [path.parent for path in (ROOT / "connectors").glob("*/__init__.py")]
    guilty = []
    for name, path in modules():
        if path.parent in kinds:
            continue
        text = path.read_text("utf-8")
        guilty += [f"{name}: {word}" for word in ("kind ==", "kind in (") if word in text]
        guilty += [
            f"{name}: connectors.{kind.name}"
            for kind in kinds
            if kind.name in SETTINGS_KINDS and f"connectors.{kind.name}" in text
        ]
    assert guilty == []


MAIL_SENDERS = {"smtplib", "imaplib", "aiosmtplib", "telnetlib", "http.client", "aiohttp", "httpx", "asyncio"}
WEB = {
    # The only doors to the network, and what each may use: no room beside them knows how to leave this machine.
    "connectors.http": {"requests"},  # only what its users ask through it
    "connectors.gmail.wire": {"requests", "httplib2"},
    "connectors.gmail.batch": {"httplib2"},  # for the shape of an answer
    "connectors.gmail.tokens": {"requests"},
    "connectors.gmail.login": {"requests"},
    "connectors.outlook.wire": {"requests"},
    "connectors.outlook.oauth": {"requests"},  # what msal asks with
    "connectors.loopback": {"http.server"},
    "daemon.rewriting.client": {"requests"},  # a language model's server
}


def test_nothing_can_send_mail() -> None:
    """Only ever drafts: no code path sends, and few rooms know the network at all."""
    guilty = []
    for name, path in modules():
        for imported in imports(path, name):
            if any(imported == one or imported.startswith(one + ".") for one in MAIL_SENDERS):
                guilty.append(f"{name} imports {imported}")
            web = next((one for one in ("requests", "httplib2", "http", "urllib.request", "ssl", "socketserver")
                        if imported == one or imported.startswith(one + ".")), None)  # fmt: skip
            if web is not None and not any(imported.startswith(one) for one in WEB.get(name, ())):
                guilty.append(f"{name} imports {imported}")
    assert guilty == []


SENDING = {
    "send", "send_message", "sendmail", "sendto", "sendall", "insert", "import_", "quickAdd", "modify", "trash",
}  # fmt: skip
NO_MAIL = {"connectors.files.crew"}  # its `send` goes down a pipe to a worker process of its own


def test_no_connector_names_a_way_to_send() -> None:
    """Neither as a method of a library (`messages().send`, `drafts().send`) nor as an address (".../send")."""
    guilty = []
    for name, path in modules():
        if not name.startswith("connectors") or name in NO_MAIL:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in SENDING:
                guilty.append(f"{name}:{node.lineno} .{node.attr}")
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                guilty += [f"{name}:{node.lineno}" for word in ("/send", ".send", "sendmail") if word in node.value]
                guilty += [f"{name}:{node.lineno}"] * (node.value == "send")
    assert guilty == []
