"""Somebody who has never seen auld: from nothing to a mailbox that is read and a service that runs, by `auld init`."""

import json
import os
import sys
from pathlib import Path

from tests.cli.systemctl import Manager
from tests.cli.typed import typed
from tests.emulator.home import ME, at_home

_BROWSER = """\
#!{python}
import sys
sys.path.insert(0, {root!r})
from tests.emulator.program import Browser
Browser({me!r}).agree(sys.argv[1])
"""


def test_a_newcomer_with_a_client_file_has_gmail_read_and_the_service_running(tmp_path: Path) -> None:
    with at_home(tmp_path) as home:
        manager = Manager(tmp_path / "manager")
        browser = manager.bin / "browser"
        browser.write_text(_BROWSER.format(python=sys.executable, root=str(Path(__file__).parents[2]), me=ME), "utf-8")
        browser.chmod(0o755)
        environ = {
            "HOME": str(home.folder), "BROWSER": f"{browser} %s", "PATH": f"{manager.bin}:{os.environ['PATH']}",
            "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "state"),
        }  # fmt: skip
        config = tmp_path / "config" / "auld" / "config.toml"

        def auld(*words: str, answers: str = "") -> str:
            code, shown = typed(*words, answers=answers, **environ)
            assert code == 0, shown
            return shown

        client = home.folder / "client_secret.json"
        shown = auld("init", answers=f"Robin Park\n{ME}\n1\n{client}\n4\nAna Lima ana@example.org\nmen\n\nn\nn\nn\n")
        assert f"Written: {config}" in shown
        assert "docs/google.md" in shown
        # The one thing that only this test has to write by hand: where the emulator is, in place of Google.
        written = config.read_text("utf-8")
        place = f'client_secret = "{client}"\n'
        assert place in written
        config.write_text(written.replace(place, f'{place}api_url = "{home.emulator.url}"\n'), "utf-8")

        shown = auld("init", answers="\ny\ny\ny\nk\ny\n")
        for said in (
            "Sign in to home now?", "gmail.metadata: to see who wrote to whom", "16 new mails and 1 meeting",
            "1 of 1 reviewed", "enabled and started: auld.service", "account      home (gmail): ok",
        ):  # fmt: skip
            assert said in shown, shown
        assert manager.calls("enable") == ["systemctl --user enable auld.service"]

        shown = auld("init", answers="\n")
        for asked in ("Sign in", "Read your mail", "Let auld run"):
            assert asked not in shown, "what is done is not offered again"
        findings = json.loads(auld("check", "--json"))
        assert [one for one in findings if one["result"] == "fail"] == []
        due = json.loads(auld("people", "ana", "--json"))
        assert due[0]["circle"] == "mentors"
