"""Asking systemd, by its own command. The only place that runs `systemctl` and `loginctl`."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Final

_PATIENCE: Final = 150.0  # seconds: a start waits for the service to say that it is ready, up to 90
_UP: Final = {"initializing", "starting", "running", "degraded", "maintenance", "stopping"}
_BOOTED: Final = Path("/run/systemd/system")  # sd_booted(3)


class NoSystemdError(Exception):
    """systemd cannot be asked. `absent`: there is none here at all; else it is only out of reach from here."""

    def __init__(self, message: str, *, absent: bool) -> None:
        super().__init__(message)
        self.absent = absent


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said; `code` is 0 when it did what it was asked."""

    code: int
    out: str
    err: str

    @property
    def reason(self) -> str:
        """Why it failed, in one line."""
        lines = (self.err.strip() or self.out.strip() or f"exit code {self.code}").splitlines()
        return " ".join(line.strip() for line in lines[:3])


class Systemd:
    """The systemd of the user, or of the system."""

    def __init__(self, *, system: bool) -> None:
        self._scope = () if system else ("--user",)
        self._environ = _environ()

    def reach(self) -> None:
        """Do nothing if systemd can be asked.

        Raises:
            NoSystemdError: it cannot; the message is a sentence that says why.
        """
        if which("systemctl") is None:
            raise NoSystemdError("there is no systemd here: the command systemctl is missing", absent=True)
        answer = self.ask("is-system-running")
        word = answer.out.strip()
        if word in _UP:
            return
        if word == "offline" or "not been booted" in answer.err or not _BOOTED.is_dir():
            raise NoSystemdError("there is no systemd here: another program started this system", absent=True)
        raise NoSystemdError(f"your systemd cannot be reached from here ({answer.reason})", absent=False)

    def ask(self, *words: str) -> Answer:
        """Run `systemctl` with these words."""
        return _run(["systemctl", *self._scope, *words], self._environ)

    def show(self, unit: str, *names: str) -> Mapping[str, str]:
        """Return the properties of a unit by their names; times as "@" and seconds since 1970."""
        answer = self.ask("show", "--timestamp=unix", "--property", ",".join(names), unit)
        pairs = (line.partition("=") for line in answer.out.splitlines())
        return {name: value for name, equals, value in pairs if equals}


def lingers(user: str) -> bool | None:
    """Tell whether the user's services run without the user being signed in; None if it cannot be told."""
    if which("loginctl") is None:
        return None
    answer = _run(["loginctl", "show-user", user, "--property=Linger", "--value"], _environ())
    if answer.code:
        return False if "not logged in or lingering" in answer.err else None
    return answer.out.strip() == "yes"


def _environ() -> dict[str, str]:
    environ = dict(os.environ) | {"LC_ALL": "C", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}
    runtime = Path(f"/run/user/{os.getuid()}")
    if "XDG_RUNTIME_DIR" not in environ and runtime.is_dir():  # as after `su`
        environ["XDG_RUNTIME_DIR"] = str(runtime)
    return environ


def _run(words: list[str], environ: Mapping[str, str]) -> Answer:
    try:
        ran = subprocess.run(  # noqa: S603 -- words of ours, and no shell
            words, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False,
            encoding="utf-8", errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Answer(1, "", f"no answer within {_PATIENCE:.0f} seconds")
    except OSError as err:
        return Answer(1, "", err.strerror or type(err).__name__)
    return Answer(ran.returncode, ran.stdout, ran.stderr)
