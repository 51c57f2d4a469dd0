"""Home folders, configs, streams, locales and signals as they are met with: a clear word and a code of meaning."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.typed import typed
from tests.faults.world import PROGRAM, World, mail, maildir

CONFIGS = {
    "lists within lists": "a = " + "[" * 50_000 + "]" * 50_000,
    "tables within tables": "a = " + "{a=" * 5000 + "1" + "}" * 5000,
    "a name without end": "[a" + ".a" * 5000 + "]\nx = 1\n",
    "a key without end": "a" + ".a" * 1500 + " = 1\n",
    "a name a little too long": "[a" + ".a" * 40 + "]\nx = 1\n",
    "binary": "\0\1\2",
    "a number without end": "[rhythm]\ngoal = " + "9" * 5000 + "\n",
    "not a number": "[rhythm]\ngoal = nan\nopen = inf\n",
    "spans without end": '[rhythm]\ndormant = "999999999999 years"\nhorizon = "9999999 days"\n',
    "a zone elsewhere": '[me]\ntimezone = "../../etc/passwd"\n',
    "a zone that is a folder": '[me]\ntimezone = "America"\n',
    "escapes": '[me]\n"\\u001b[31m\\u202e" = 1\nname = ["\\u001b[2J"]\n',
    "2,000 wrong keys": "\n".join(f"key{number} = 1" for number in range(2000)),
    "an account outside": '[[accounts]]\nname = "../../evil"\nkind = "files"\nsent = "x"\n',
    "an account with escapes": '[[accounts]]\nname = "a\\u001b[31m\\u202e"\nkind = "files"\nsent = "x"\n',
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_config_gone_wild_is_refused_in_words(world: World, name: str) -> None:
    world.config.write_text(CONFIGS[name])
    start = time.process_time()
    for command in (["people"], ["sync"], ["config", "show"]):
        assert "config.toml" in world.run(*command, code=78).err
    world.run("check", code=78)
    assert world.run("check", "--json", code=78).json[0]["result"] == "fail"
    assert time.process_time() - start < 10
    assert not world.state.exists()


def test_a_config_of_ten_megabytes_is_read(world: World) -> None:
    world.befriend("Ana Lima")
    with world.config.open("a") as file:
        file.write("# and so on\n" * 850_000)
    assert "Ana Lima" in world.run("people").out


def test_a_config_that_is_no_file_is_refused_in_words(world: World) -> None:
    world.config.unlink()
    world.run("people", code=78)
    world.config.mkdir()
    assert "folder" in world.run("people", code=78).err
    world.run("init", "--yes", code=2)
    world.config.rmdir()
    world.config.symlink_to(world.config)
    assert "symbolic links" in world.run("people", code=78).err
    world.run("init", "--yes", code=2)


def test_whatever_is_answered_to_init_comes_out_as_text(world: World) -> None:
    name = 'Robin" \\ \'\'\' """ # [[people]]'
    odd = [world.home / part for part in ('a"b', "[[circles]]", "c\\")]
    for folder in odd:
        maildir(folder)
    answers = [
        name, "robin@example.com", "3", ", ".join(map(str, odd)), "", "", "", '${HOME}/"; rm', "8",
        'Ana "[[circles]]" ${HOME}', "", "", "n", "n",
    ]  # fmt: skip
    config = str(world.home / "new.toml")
    code, said = typed(
        "--config", config, "init", answers="".join(f"{one}\n" for one in answers), **world.environment()
    )
    assert code == 0, said
    world.config = world.home / "new.toml"
    shown = world.run("config", "show").json
    assert shown["me"]["name"] == name
    assert shown["accounts"][0]["sent"] == list(map(str, odd))
    assert [one["name"] for one in shown["circles"]] == ["friends"]
    assert [one["name"] for one in shown["people"]] == ['Ana "[[circles]]" ${HOME}']


def test_without_a_home_it_says_what_is_missing(world: World) -> None:
    for home in ("/nowhere/at/all", "", str(world.config)):
        done = subprocess.run(
            [*PROGRAM, "people"], env=world.environment({"HOME": home}), capture_output=True, check=False
        )
        assert done.returncode == 78
        assert b"Traceback" not in done.stderr
        assert b"auld init" in done.stderr or b"cannot be read" in done.stderr
    for home in ("/proc/nowhere", str(world.config)):
        done = subprocess.run(
            [*PROGRAM, "init", "--yes"], env=world.environment({"HOME": home}), capture_output=True, check=False
        )
        assert done.returncode not in {0, 120}
        assert b"Traceback" not in done.stderr
        assert b"should not have" not in done.stderr
        assert done.stderr


LOCALES = [
    {"LC_ALL": "C", "LANG": "C"},
    {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "many"},
]


@pytest.mark.parametrize("locale", LOCALES, ids=lambda one: next(iter(one.items()))[1] + "/" + str(len(one)))
def test_names_of_any_script_are_shown_on_any_terminal(friends: World, locale: dict[str, str]) -> None:
    friends.put(mail(to="Zoë Žižek 王芳 <zoe@example.org>", subject="Fête — 王"))
    friends.run("sync")
    shown = json.loads(friends.spawn("people", "--all", "--json", env=locale).out)
    assert "Zoë Žižek 王芳" in {one["name"] for one in shown}, "JSON loses nothing, whatever the terminal's charset"
    assert "Zo" in friends.spawn("draft", "zoe@example.org", "--dry-run", env=locale).out


def test_json_of_a_path_that_is_no_text_is_valid(world: World) -> None:
    folder = Path(os.fsdecode(os.fsencode(world.home) + b"/\xff\x1b[31m"))
    maildir(folder)
    world.config.rename(folder / "config.toml")
    world.config = folder / "config.toml"
    assert world.run("check", "--json", code=(0, 1)).json
    world.run("check", code=(0, 1))
    world.run("status", "--json", code=(0, 1))


STREAMS = {">&-": (0,), "2>&-": (0,), "<&-": (0,), "2>/dev/full": (0,), ">/dev/full": (74,), "| head -c1": (0, 1)}


@pytest.mark.parametrize("how", STREAMS)
def test_a_stream_that_is_closed_full_or_gone_is_no_traceback(friends: World, how: str) -> None:
    for words in (["people"], ["export"]):
        command = f'"$@" {how}' if "|" not in how else f'{{ "$@"; echo $? >&2; }} {how}'
        done = subprocess.run(
            ["sh", "-c", command, "sh", *PROGRAM, *friends.words(*words)],
            env=friends.environment(), capture_output=True, check=False, timeout=30,
        )  # fmt: skip
        said = done.stderr.decode()
        code = int(said.split()[-1]) if "|" in how else done.returncode
        assert code in STREAMS[how], (words, said)
        for bad in ("Traceback", "Exception ignored", "should not have"):
            assert bad not in said, (words, said)


def test_a_stderr_that_is_gone_does_not_stop_the_reading(world: World) -> None:
    world.befriend("Ana Lima")
    done = subprocess.run(
        ["sh", "-c", '"$@" 2>/dev/full', "sh", *PROGRAM, *world.words("sync")], env=world.environment(), check=False
    )
    assert done.returncode == 0
    assert world.people()["ana@example.org"]["last_contact"]


def test_help_on_a_pipe_that_closes_is_silent(world: World) -> None:
    with subprocess.Popen(
        [*PROGRAM, "--help"], env=world.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""


@pytest.mark.parametrize("accounts", [1, 2])
def test_an_interrupt_while_reading_ends_soon_with_130_and_a_sound_state(world: World, accounts: int) -> None:
    for number in range(3000):
        world.put(mail(to=f"P{number % 40} Ek <p{number % 40}@example.org>", days=number / 9))
    if accounts == 2:
        world.configure('[[accounts]]\nname = "other"\nkind = "files"\nmail = "inbox"\n')
    stop = (  # Ctrl-C after the first batch: as a terminal sends it, to the thread that waits
        "import os, signal\n"
        "from daemon.state import State\n"
        "store = State.put_account\n"
        "def keep(*given, **more):\n"
        "    store(*given, **more)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "State.put_account = keep\n"
        "from daemon.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", stop, *world.words("sync")], env=world.environment(), capture_output=True, timeout=30,
        check=False,
    )  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert done.stderr.decode().splitlines()[-1] == "auld: stopped. What was done so far is kept."
    assert b"Traceback" not in done.stderr
    assert not world.run("people", "--all").err.startswith("auld:")
    world.run("sync")
    assert len(world.people()) == 40
    assert sum(one["contact_days"] for one in world.people().values()) > 300


def test_an_interrupt_at_any_time_is_no_traceback(world: World) -> None:
    world.befriend("Ana Lima")
    for delay in (0.05, 0.12, 0.25):
        run = subprocess.Popen(
            [*PROGRAM, *world.words("sync")], env=world.environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE
        )
        time.sleep(delay)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=30)
        ours = b"daemon" in err or b"Traceback" not in err  # before the first line of ours, Python itself answers
        if ours:
            assert b"Traceback" not in err
        assert run.returncode in ({0, 130, -signal.SIGINT} if ours else {1, -signal.SIGINT})
    world.run("sync")


def test_a_hostile_drafts_folder_is_looked_through_and_left_alone(friends: World) -> None:
    """rules.md, "When is someone due": a draft of the user's own to them lies in the Drafts folder."""
    cur = maildir(friends.drafts)
    (cur / "own:2,D").write_bytes(b"To: Ana Lima <ana@example.org>\n\nDear Ana,\n")
    with (cur / "huge:2,D").open("wb") as file:
        file.write(b"To: someone@example.net\n\n")
        file.truncate(100_000_000)
    os.mkfifo(cur / "pipe:2,D")
    (cur / "folder:2,D").mkdir()
    (cur / "nowhere:2,D").symlink_to("nowhere")
    (cur / "zero:2,D").symlink_to("/dev/zero")
    Path(os.fsdecode(os.fsencode(cur) + b"/\xff\n\x1b[31m:2,D")).write_bytes(os.urandom(5000))
    (cur / "nested:2,D").write_bytes(b"To: " + b"(" * 20_000 + b"bo@example.org\n\n")
    before = {path: path.lstat() for path in cur.iterdir()}

    friends.run("draft", code=(0, 1))
    friends.run("once", code=(0, 1))
    friends.run("check", code=(0, 1))

    drafted = [one["to"] for one in friends.run("drafts", "--json").json]
    assert "ana@example.org" not in drafted
    for path, status in before.items():
        assert (path.lstat().st_mtime_ns, path.lstat().st_size) == (status.st_mtime_ns, status.st_size)


def test_a_drafts_folder_that_cannot_take_drafts_is_told(friends: World) -> None:
    friends.drafts.write_text("mine")
    assert "file" in friends.run("draft", code=(0, 1)).err
    friends.run("check", code=1)
    assert friends.drafts.read_text() == "mine"
    friends.drafts.unlink()
    friends.drafts.symlink_to("drafts")
    friends.run("draft", code=(0, 1))
    friends.run("once", code=(0, 1))
    friends.run("check", code=(0, 1))
    friends.drafts.unlink()
    friends.run("draft")
    assert len(friends.messages()) == 2
