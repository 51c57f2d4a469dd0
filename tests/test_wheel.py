"""What is installed is enough: who has no source tree finds what a sentence names."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parent.parent


def test_the_pages_that_errors_name_come_with_the_package(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with ZipFile(wheel) as packed:
        packed.extractall(installed)
    (tmp_path / "config.toml").write_text(
        '[me]\nname = "Robin"\n[[accounts]]\nname = "home"\nkind = "gmail"\nclient_secret = "none.json"\n', "utf-8"
    )
    login = [sys.executable, "-c", "from daemon.cli import main; main()", "--config", "config.toml", "login", "home"]
    ran = subprocess.run(
        login, cwd=tmp_path, env={"PYTHONPATH": str(installed), "HOME": str(tmp_path)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 78
    page = installed / "connectors" / "docs" / "google.md"
    assert f"{page}, step 5, says how to get one" in ran.stderr
    assert page.read_bytes() == (ROOT / "docs" / "google.md").read_bytes()
    for unit in (ROOT / "systemd").iterdir():  # what `auld service install` writes
        assert (installed / "connectors" / "systemd" / unit.name).read_bytes() == unit.read_bytes()
