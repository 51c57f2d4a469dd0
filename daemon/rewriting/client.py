"""One question to a model's server, and what it answered. The only place here that leaves this machine.

Decides how long is waited and where a text may go: https, or this machine. What a server does wrong ends in `NoAnswer`,
whatever it is. No message holds the key, the address or anything that was sent or answered.
"""

import os
import shlex
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests

from connectors import ahead, http
from connectors.places import is_loopback
from daemon.rewriting.place import check_url

LARGEST: Final = 1_000_000
"""Bytes that an answer may have; 110 words have a thousand."""
_CONNECT: Final = 10.0  # seconds for one address of a server
KEY_WITHIN: Final = 30.0  # seconds: the command may ask the user to unlock a keyring
_KEY_LONGEST: Final = 4_096
_KEY: Final = "key_command of [writing.model]"
_OK: Final = 200
_LATE: Final = "the model did not answer in time: a smaller one is faster"


class NoAnswer(Exception):
    """There is no answer; the message says why and what may be done. A second try would not change it."""


def ask(url: str, body: bytes, key: str, seconds: float, tick: Callable[[], float]) -> bytes:
    """Ask once; return what the server answered, at most `LARGEST` bytes, within so many seconds as a whole.

    `url` is that of the config, `key` "" for none; `tick` are seconds that pass.

    Raises:
        NoAnswer: there is none, or it is no success.
    """
    try:
        address = check_url(url)
    except ValueError as err:
        raise NoAnswer(f"nothing is sent to the url of [writing.model]; {err}") from None
    if seconds <= 0:
        raise NoAnswer(_LATE)
    # In a thread, because looking up a host's name knows no time limit.
    asking = ahead.begin(lambda: _post(address, body, key, seconds, tick))
    try:
        status, answer = asking.result(seconds)
    except Exception as err:  # noqa: BLE001 -- whatever a server does, there is a draft
        raise NoAnswer(_told(err)) from None
    if status != _OK:
        raise NoAnswer(_refused(status))
    return answer


def reach(url: str, seconds: float, tick: Callable[[], float]) -> None:
    """See whether a server answers at all; nothing is sent to it, no key either.

    Raises:
        NoAnswer: it does not.
    """
    try:
        address = check_url(url)
    except ValueError as err:
        raise NoAnswer(f"nothing is sent to the url of [writing.model]; {err}") from None
    looking = ahead.begin(lambda: _look(address, seconds, tick))
    try:
        looking.result(seconds)
    except Exception as err:  # noqa: BLE001 -- as above
        raise NoAnswer(_told(err)) from None


def read_key(command: str, within: float = KEY_WITHIN) -> str:
    """Return the key that a command prints in its first line within so many seconds, "" without a command.

    It is run without a shell ("~/" is the home all the same), in a session of its own, so that all of it can be ended.

    Raises:
        NoAnswer: it failed, or printed none.
    """
    if not command.strip():
        return ""
    try:
        process = subprocess.Popen(  # noqa: S603 -- the user's own words, and no shell
            [str(Path(word).expanduser()) if word.startswith("~/") else word for word in shlex.split(command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError, IndexError) as err:
        why = getattr(err, "strerror", None) or "it is no command"
        raise NoAnswer(f"{_KEY} cannot be run ({why}): correct it in the config") from None
    try:
        printed = ahead.begin(lambda: _printed(process)).result(within)
        code = process.wait(within)
    except (TimeoutError, subprocess.TimeoutExpired):
        raise NoAnswer(f"{_KEY} took more than {within:.0f} seconds: run it in a terminal to see why") from None
    finally:
        _end(process)
    key = printed.decode("ascii", "replace").strip().partition("\n")[0].strip()
    short = len(printed) <= _KEY_LONGEST
    if code and short:
        raise NoAnswer(f"{_KEY} ended with exit code {code}: run it in a terminal to see why")
    if not (short and key and key.isascii() and key.isprintable()) or " " in key:
        raise NoAnswer(f"{_KEY} prints no key in its first line: run it in a terminal to see what it does")
    return key


def _printed(process: "subprocess.Popen[bytes]") -> bytes:
    """Return what a command prints, as far as a key can be long; more of it is never read."""
    with process.stdout or BytesIO() as stdout:
        return stdout.read(_KEY_LONGEST + 1)


def _session(address: str, seconds: float, tick: Callable[[], float]) -> "requests.Session":
    session = http.plain_session()
    http.bound(session, tick, seconds=seconds, size=LARGEST)
    if is_loopback(urlsplit(address).hostname or ""):
        session.trust_env = False  # a proxy would take the text off this machine
    return session


def _look(address: str, seconds: float, tick: Callable[[], float]) -> None:
    with _session(address, seconds, tick) as session:
        session.get(urljoin(address, "../models"), timeout=(min(_CONNECT, seconds), seconds), allow_redirects=False)


def _post(address: str, body: bytes, key: str, seconds: float, tick: Callable[[], float]) -> tuple[int, bytes]:
    with _session(address, seconds, tick) as session:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        wait = (min(_CONNECT, seconds), seconds)
        response = session.post(address, data=body, headers=headers, timeout=wait, allow_redirects=False)
        return response.status_code, response.content


def _told(err: BaseException) -> str:
    """The one place where foreign errors become a sentence."""
    limit = http.limit_behind(err)
    if isinstance(limit, http.TooLarge):
        return "the model's server gave an answer far larger than a mail"
    if limit is not None or isinstance(err, TimeoutError | requests.Timeout):
        return _LATE
    if isinstance(err, requests.exceptions.SSLError):
        return f"the certificate of the model's server cannot be trusted ({http.cause(err)})"
    if isinstance(err, requests.ConnectionError):
        return f"the model's server cannot be reached ({http.cause(err)}): is it running?"
    return f"the model's server gave no answer that can be read ({type(err).__name__})"


def _refused(status: int) -> str:
    what = {
        400: "the model's server did not take the request (400)",
        401: "the model's server wants another key (401): look at key_command of [writing.model]",
        403: "the model's server wants another key (403): look at key_command of [writing.model]",
        404: "the model's server does not know the model or the address (404): look at [writing.model]",
        429: "the model's server is asked too often (429): later it may work",
    }
    return what.get(status, f"the model's server answered {status}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End what is left of a command and of all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
