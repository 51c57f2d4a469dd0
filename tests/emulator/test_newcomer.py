"""Who has never seen auld: from nothing to a mailbox that is read and a service that runs, by `auld init`."""

import json
import os
import sys
from pathlib import Path

from tests.cli.systemctl import Manager
from tests.cli.typed import typed
from tests.emulator.front import Filled
from tests.emulator.home import ME, at_home
from tests.emulator.outlook import CLIENT, at_office

_BROWSER = """\
#!{python}
import sys
sys.path.insert(0, {root!r})
from tests.emulator.program import Browser
from pathlib import Path
trusts = {trusts!r} and Path({trusts!r})
Browser({me!r}, trusts or None).agree(sys.argv[1])
"""


class Newcomer:
    """Somebody with an empty home, a browser in which they agree, and a systemd. `trusts`: a file of certificates."""

    def __init__(self, folder: Path, trusts: Path | None = None) -> None:
        self.manager = Manager(folder / "manager")
        browser = self.manager.bin / "browser"
        told = _BROWSER.format(
            python=sys.executable, root=str(Path(__file__).parents[2]), me=ME, trusts=str(trusts or "")
        )
        browser.write_text(told, "utf-8")
        browser.chmod(0o755)
        self.environ = {
            "HOME": str(folder / "somebody"), "BROWSER": f"{browser} %s",
            "PATH": f"{self.manager.bin}:{os.environ['PATH']}",
            "XDG_CONFIG_HOME": str(folder / "config"), "XDG_STATE_HOME": str(folder / "state"),
        } | ({} if trusts is None else {"REQUESTS_CA_BUNDLE": str(trusts)})  # fmt: skip
        self.config = folder / "config" / "auld" / "config.toml"

    def auld(self, *words: str, answers: str = "") -> str:
        """Type a command and answers; return what was shown."""
        code, shown = typed(*words, answers=answers, **self.environ)
        assert code == 0, shown
        return shown

    def add(self, line: str, *more: str) -> None:
        """Write by hand what only this test has to: where the emulator is, in place of the provider."""
        written = self.config.read_text("utf-8")
        assert f"{line}\n" in written
        self.config.write_text(written.replace(line, "\n".join((line, *more))), "utf-8")


def test_a_newcomer_with_a_client_file_has_gmail_read_and_the_service_running(tmp_path: Path) -> None:
    with at_home(tmp_path) as home:
        robin = Newcomer(tmp_path)
        client = home.folder / "client_secret.json"
        shown = robin.auld(
            "init", answers=f"Robin Park\n{ME}\n1\n{client}\n4\nAna Lima ana@example.org\nmen\n\nn\nn\nn\n"
        )
        assert f"Written: {robin.config}" in shown
        assert "docs/google.md" in shown
        robin.add(f'client_secret = "{client}"', f'api_url = "{home.emulator.url}"')

        shown = robin.auld("init", answers="\ny\ny\ny\nk\ny\n")
        for said in (
            "Sign in to home now?", "gmail.metadata: to see who wrote to whom", "16 new mails and 1 meeting",
            "1 of 1 reviewed", "enabled and started: auld.service", "account      home (gmail): ok",
        ):  # fmt: skip
            assert said in shown, shown
        assert robin.manager.calls("enable") == ["systemctl --user enable auld.service"]

        shown = robin.auld("init", answers="\n")
        for asked in ("Sign in", "Read your mail", "Let auld run"):
            assert asked not in shown, "what is done is not offered again"
        assert [one for one in json.loads(robin.auld("check", "--json")) if one["result"] == "fail"] == []
        assert json.loads(robin.auld("people", "ana", "--json"))[0]["circle"] == "mentors"


def test_a_newcomer_with_the_id_of_an_app_has_outlook_read_and_the_service_running(tmp_path: Path) -> None:
    with at_office(tmp_path, Filled()) as office:
        robin = Newcomer(tmp_path, office.trusts)
        shown = robin.auld("init", answers=f"Robin Park\n{ME}\n2\n{CLIENT}\n4\n\nn\nn\nn\n")
        assert "docs/outlook.md" in shown
        where = [f'{key} = "{office.front.url}"' for key in ("authority", "api_url")]
        robin.add('tenant = "common"  # or as docs/outlook.md says, step 2', *where)

        shown = robin.auld("init", answers="\ny\ny\ny\nk\nq\ny\n")
        for said in (
            "Sign in to work now?", "Mail.ReadWrite", "20 new mails and 4 meetings",
            "enabled and started: auld.service", "account      work (outlook): ok",
        ):  # fmt: skip
            assert said in shown, shown
        assert [one for one in json.loads(robin.auld("check", "--json")) if one["result"] == "fail"] == []
