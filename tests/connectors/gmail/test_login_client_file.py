"""The file of the OAuth client, where it is odd: a sentence that names it, wherever it is read, or it simply works."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from connectors.errors import SettingsError, Unavailable
from connectors.loopback import Loopback
from tests.connectors.gmail.browser import Browser, Hurried, nobody
from tests.connectors.gmail.home import Home
from tests.google import Google


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Home]:
    """An account that nobody is signed in to."""
    with Google() as google:
        home = Home(google, tmp_path)
        home.host = replace(home.host, tick=Hurried())
        yield home
        assert google.sends == []


def change(home: Home, **keys: Any) -> None:
    """Write other things into the client's file."""
    inner = json.loads(home.client_file.read_text("utf-8"))["installed"]
    home.client_file.write_text(json.dumps({"installed": inner | keys}), "utf-8")


def sign_in(home: Home, browser: Browser) -> Browser:
    assert home.connector.login is not None
    try:
        home.connector.login(home.settings, home.host, browser)
    finally:
        browser.close()
    return browser


def refused(home: Home) -> str:
    """Sign in and check, which must tell the same, before a browser opens; return the sentence."""
    browser = Browser(nobody)
    with pytest.raises(SettingsError) as caught:
        sign_in(home, browser)
    assert browser.addresses == []
    told = str(caught.value)
    assert str(home.client_file) in told
    assert "docs/google.md, step 5" in told
    assert told.isprintable()
    (finding,) = home.account().check()
    assert (finding.name, finding.result) == ("client_secret", "fail")
    assert finding.detail in told
    assert "docs/google.md, step 5" in finding.fix
    return told


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("redirect_uris", [odd]) for odd in (
            "http://localhost:99999", "http://localhost:abc", "http://[localhost", "http://localhost:0",
            "http://localhost/?a=b", "http://local\nhost", "http://localhost/\ud800", "urn:ietf:wg:oauth:2.0:oob",
        )),
        *((key, odd) for key in ("auth_uri", "token_uri") for odd in (
            "https://[::1", "https://a..example.com/t", "https://.example.com", "https://accounts.example.com:99999/",
            "https://\ud800.example.com/", "https://accounts.example.com/\ud800", "https://accounts example.com",
            "https://accounts.example.com\n/t", f"https://{'a' * 70}.example.com/", "//example.com", "https:/t",
        )),
        *((key, odd) for key in ("client_id", "client_secret") for odd in ("\ud800", "a\nb", 7, "", None, ["a"])),
    ],
    ids=lambda one: ascii(one)[:40],
)  # fmt: skip
def test_a_value_that_cannot_work_is_told_with_the_name_of_the_file(out: Home, key: str, value: object) -> None:
    change(out, **{key: value})
    assert key in refused(out)


def in_time(do: Callable[[], object]) -> None:
    """Do it, which must not hang."""
    failed: list[BaseException] = []

    def go() -> None:
        try:
            do()
        except BaseException as err:  # noqa: BLE001 -- raised below
            failed.append(err)

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    for err in failed:
        raise err


@pytest.mark.parametrize("kind", ["pipe", "pipe somebody writes to", "device", "folder", "huge"])
def test_what_is_no_such_file_is_refused_and_holds_nothing_up(out: Home, kind: str) -> None:
    whole = out.client_file.read_bytes()
    out.client_file.unlink()
    writer = -1
    if kind.startswith("pipe"):
        os.mkfifo(out.client_file)
        writer = os.open(out.client_file, os.O_RDWR) if kind != "pipe" else -1
    elif kind == "device":
        out.client_file.symlink_to("/dev/zero")
    elif kind == "folder":
        out.client_file.mkdir()
    else:
        out.client_file.write_bytes(whole + b" " * 70_000)
    before = len(list(Path("/dev/fd").iterdir()))
    in_time(lambda: refused_without_how(out) if kind == "folder" else refused(out))
    assert len(list(Path("/dev/fd").iterdir())) == before
    if writer >= 0:
        os.close(writer)


def refused_without_how(home: Home) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read \(Is a directory\)") as caught:
        sign_in(home, Browser(nobody))
    assert str(home.client_file) in str(caught.value)


def test_old_files_begin_with_an_address_that_is_no_more_and_still_work(out: Home) -> None:
    change(out, redirect_uris=["urn:ietf:wg:oauth:2.0:oob", "http://localhost"])
    assert urlsplit(sign_in(out, Browser()).asked["redirect_uri"]).hostname == "localhost"
    assert out.secrets.now


@pytest.mark.parametrize("redirect", ["http://[::1]", "http://[::1]/back", "http://127.0.0.1"])
def test_this_machine_under_another_name_is_this_machine(out: Home, redirect: str) -> None:
    try:
        with Loopback(redirect):
            pass
    except OSError:
        return  # a machine without IPv6
    change(out, redirect_uris=[redirect])
    asked = urlsplit(sign_in(out, Browser()).asked["redirect_uri"])
    named = urlsplit(redirect)
    assert (asked.hostname, asked.path) == (named.hostname, named.path or "/")
    assert out.secrets.now


def test_a_port_that_is_taken_is_told_with_the_name_of_the_file(out: Home) -> None:
    with Loopback("http://localhost") as door:
        change(out, redirect_uris=[door.address])
        browser = Browser(nobody)
        with pytest.raises(SettingsError, match="in use") as caught:
            sign_in(out, browser)
    assert browser.addresses == []
    assert str(out.client_file) in str(caught.value)
    assert door.address in str(caught.value)


@pytest.mark.parametrize(("place", "revoked_at"), [("", "/revoke"), ("/a/token", "/a/revoke"), ("/a/t/", "/a/revoke")])
def test_a_token_is_revoked_beside_the_token_endpoint_and_nowhere_else(out: Home, place: str, revoked_at: str) -> None:
    sign_in(out, Browser())
    change(out, token_uri=out.google.url + place)
    assert out.connector.logout is not None
    before = len(out.google.log)
    try:
        out.connector.logout(out.settings, out.host)
    except Unavailable:
        assert revoked_at != "/revoke"  # there the fake has no such page
    assert [call.path for call in out.google.log[before:]] == [revoked_at]
