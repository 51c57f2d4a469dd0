"""The drafts are ordinary messages: other mail programs open them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from daemon.cli import main

NOW = "2026-11-23T09:00:00Z"


def need(program: str) -> str:
    """Return where another mail program is; skip without it, but where all are installed, missing is failing."""
    path = shutil.which(program)
    if path is None and os.environ.get("AULD_NO_SKIP"):
        pytest.fail(f"{program} is not installed, and here no test may be skipped")
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Drafts folder of a demo."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.raises(SystemExit) as end:
        main(["demo", "--now", NOW, "--keep", str(folder / "kept")])
    assert end.value.code == 0
    return folder / "kept" / "Mail" / "Drafts"


def test_notmuch_finds_every_draft_by_its_recipient(drafts: Path, tmp_path: Path) -> None:
    notmuch = need("notmuch")
    config = tmp_path / "config"
    config.write_text(f"[database]\npath={drafts}\n[user]\nname=R\nprimary_email=robin@example.com\n", "utf-8")

    def ask(*words: str) -> str:
        environ = {"NOTMUCH_CONFIG": str(config), "HOME": str(tmp_path), "PATH": os.environ["PATH"]}
        return subprocess.run([notmuch, *words], env=environ, capture_output=True, text=True, check=True).stdout

    ask("new")
    assert int(ask("count", "*")) == len(list((drafts / "cur").iterdir())) >= 3
    assert int(ask("count", "to:amara.okafor@example.org")) == 1
    assert "data team" in ask("show", "--format=text", "to:amara.okafor@example.org")
