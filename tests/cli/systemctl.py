"""A stand-in for `systemctl` and `loginctl` on PATH: it writes down what it is asked, and remembers what that makes of
one unit."""

import os
import shutil
from pathlib import Path
from typing import Final

import pytest

_SYSTEMCTL: Final = """\
#!/bin/sh
here=${0%/*}/../world
echo "systemctl $*" >>"$here/calls"
[ "$1" = --user ] && shift
if [ -e "$here/fail-$1" ]; then read -r why <"$here/fail-$1"; echo "$why" >&2; exit 1; fi
case $1 in
  is-system-running) read -r word <"$here/running"; echo "$word"; [ "$word" = running ];;
  enable) : >"$here/enabled";;
  start|restart) : >"$here/active";;
  disable) for one in enabled active; do [ ! -e "$here/$one" ] || /bin/rm "$here/$one"; done;;
  show)
    if [ -e "$here/active" ]; then echo ActiveState=active; echo ActiveEnterTimestamp=@1795500000; \
      else echo ActiveState=inactive; echo ActiveEnterTimestamp=; fi
    if [ -e "$here/enabled" ]; then echo UnitFileState=enabled; else echo UnitFileState=disabled; fi
    if [ -e "$here/show" ]; then while read -r line; do echo "$line"; done <"$here/show"; fi;;
esac
"""
_LOGINCTL: Final = """\
#!/bin/sh
here=${0%/*}/../world
echo "loginctl $*" >>"$here/calls"
read -r word <"$here/linger"; echo "$word"
"""


class Manager:
    """What stands in for systemd."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.world = folder / "bin", folder / "world"
        self.bin.mkdir(parents=True)
        self.world.mkdir()
        for name, text in (("systemctl", _SYSTEMCTL), ("loginctl", _LOGINCTL)):
            (self.bin / name).write_text(text, encoding="utf-8")
            (self.bin / name).chmod(0o755)
        self.put("running", "running")
        self.put("linger", "no")

    def put(self, name: str, text: str) -> None:
        """Set what it says, or (`fail-VERB`) with what it fails."""
        (self.world / name).write_text(f"{text}\n", encoding="utf-8")

    def calls(self, *verbs: str) -> list[str]:
        """Return what it was asked since the last time; with `verbs`, only those."""
        place = self.world / "calls"
        lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
        place.unlink(missing_ok=True)
        return [line for line in lines if not verbs or any(f" {verb}" in line for verb in verbs)]

    def vanish(self) -> None:
        """Be no systemd at all."""
        shutil.rmtree(self.bin)


def on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Manager:
    """Put one on PATH, and nothing else."""
    manager = Manager(folder)
    monkeypatch.setenv("PATH", str(manager.bin))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert os.environ["PATH"] == str(manager.bin)
    return manager
