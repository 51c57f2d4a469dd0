"""A wrong file is told in whole: each problem with its line, what is wrong, and how to put it right."""

from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.config import ConfigError, load

Told = Callable[[str], list[str]]

SPAN = 'write it like "6 weeks", "3 months", "90 days", "15 minutes"'
SECRET = "no secret may stand in this file, which gets copied and shown"
SHELF = '[me]\nemails = ["robin@example.com"]\n[[accounts]]\nname = "home"\nkind = "shelf"\n'

# What stands in the file, and the one line that is told of it.
WRONG = {
    'folder = "/srv"': (
        '1: unknown key "folder"; the keys here are me, accounts, rhythm, contact, circles, people, greetings, '
        "writing, service, secrets, state"
    ),
    "[rhytm]": '1: unknown key "rhytm"; did you mean "rhythm"?',
    "[rhythm]\ngaol = 3": '2: [rhythm]: unknown key "gaol"; did you mean "goal"?',
    "[rhythm]\nlast = 3": (
        '2: [rhythm]: unknown key "last"; the keys here are goal, open, days, hours, learn, horizon, dormant'
    ),
    "goal = 3": '1: unknown key "goal"; it belongs under [rhythm]',
    '[contact]\nformality = "formal"': (
        '2: [contact]: unknown key "formality"; it belongs under [[circles]] or [[people]]'
    ),
    '[me]\nnews = [{ text = "x", since = 2026-01-01 }]': (
        '2: [me]: news 1: unknown key "since"; the keys here are text, from, until'
    ),
    "[me]\nname = 5": "2: [me]: name: should be text in quotes, not 5",
    "[me]\nemails = 'robin@example.com'": '2: [me]: emails: should be a list, like ["…"], not "robin@example.com"',
    '[me]\nemails = [\n"robin@example.com",\n"robin"]': (
        '4: [me]: emails 2: "robin" is no e-mail address; write it like "robin@example.com"'
    ),
    "[me]\ntimezone = 'Amsterdam'": (
        '2: [me]: timezone: "Amsterdam" is no time zone; did you mean "Europe/Amsterdam"?'
    ),
    "[me]\ntimezone = 'Europe/Amsterdm'": (
        '2: [me]: timezone: "Europe/Amsterdm" is no time zone; did you mean "Europe/Amsterdam"?'
    ),
    "[me]\ntimezone = '../../etc/passwd'": (
        '2: [me]: timezone: "../../etc/passwd" is no time zone; write it like "Europe/Amsterdam"'
    ),
    "[me]\ncountry = 'Holland'": (
        '2: [me]: country: no public holidays are known of "Holland"; '
        'write it like "NL", or "DE-BY" where regions differ'
    ),
    "[me]\nlanguage = 'eng'": (
        '2: [me]: language: should be one of en, de, fr, es, nl, pt, it, not "eng"; did you mean "en"?'
    ),
    "[me]\nnews = [{ text = '' }]": "2: [me]: news 1: text: must not be empty",
    f"[me]\nnews = [{{ text = '{'x' * 301}' }}]": "2: [me]: news 1: text: should be at most 300 characters long",
    "[me]\nnews = [{ text = 'x', from = 2027-01-02, until = 2027-01-01 }]": (
        "2: [me]: news 1: until: 2027-01-01 is before from, 2027-01-02; it would never be news"
    ),
    "me = 3": "1: me: should be a section of its own, [me]",
    "[[me]]": "1: me: should be a section of its own, [me]",
    "[people]\nname = 'Maya'": (
        "1: [people]: should be sections of their own, each headed [[people]], with two brackets on each side"
    ),
    "people = ['Maya']": "1: people 1: should be a section of its own, [[people]]",
    '[[accounts]]\nkind = "post"\nhost = "x"': "1: [[accounts]] 1: name: is missing",
    '[[accounts]]\nname = ""\nkind = "post"\nhost = "x"': "2: [[accounts]] 1: name: must not be empty",
    '[[accounts]]\nname = "../x"\nkind = "post"\nhost = "x"': (
        '2: [[accounts]] 1 "../x": name: "../x" begins with "." or "-" or holds "/"; name it plainly'
    ),
    '[[accounts]]\nname = "home"': '1: [[accounts]] 1 "home": kind: is missing',
    '[[accounts]]\nname = "home"\nkind = 3': '3: [[accounts]] 1 "home": kind: should be text in quotes, not 3',
    '[[accounts]]\nname = "home"\nkind = "gmail"': (
        '3: [[accounts]] 1 "home": kind: there is no kind of account "gmail", but post, shelf'
    ),
    '[[accounts]]\nname = "home"\nkind = "pots"': (
        '3: [[accounts]] 1 "home": kind: there is no kind of account "pots", but post, shelf; did you mean "post"?'
    ),
    '[[accounts]]\nname = "home"\nkind = "shelf"': (
        '1: [[accounts]] 1 "home": kind "shelf" cannot tell which mail is yours: give your addresses under [me], '
        'emails = ["…"]'
    ),
    '[[accounts]]\nname = "home"\nkind = "post"': '1: [[accounts]] 1 "home": host: is missing',
    '[[accounts]]\nname = "a"\nkind = "post"\nhost = "x"\noptions = 1': (
        '5: [[accounts]] 1 "a": unknown key "options"; the keys here are name, kind, since, enabled, host, port, '
        "password_command, calendar, lock"
    ),
    '[[accounts]]\nname = "a"\nkind = "post"\nhost = "x"\npassword = "hunter2"': (
        f'5: [[accounts]] 1 "a": password: {SECRET}; write password_command instead'
    ),
    SHELF + 'api_token = "hunter2"': (
        f'6: [[accounts]] 1 "home": api_token: {SECRET}; take it out, and change it if others could read it'
    ),
    SHELF + "sent = 5": '6: [[accounts]] 1 "home": sent: should be text in quotes or a list, like ["…"], not 5',
    SHELF + "sent = ['a',\n5]": '7: [[accounts]] 1 "home": sent 2: should be text in quotes, not 5',
    '[[accounts]]\nname = "a"\nkind = "post"\nhost = "x"\n[accounts.lock]\ntrns = 1': (
        '6: [[accounts]] 1 "a": lock: unknown key "trns"; did you mean "turns"?'
    ),
    '[[accounts]]\nname = "a"\nkind = "post"\nhost = "x"\nlock = 1': (
        '5: [[accounts]] 1 "a": lock: should be a section of its own, [accounts.lock]'
    ),
    SHELF + '[[accounts]]\nname = "Home"\nkind = "shelf"': (
        '7: [[accounts]] 2 "Home": name: account 1 has the name "Home" too; give each its own'
    ),
    SHELF + 'since = "ever"': f'6: [[accounts]] 1 "home": since: "ever" is no span of time; {SPAN}',
    SHELF + "enabled = 'no'": '6: [[accounts]] 1 "home": enabled: should be true or false, not "no"',
    "[rhythm]\ngoal = '8'": '2: [rhythm]: goal: should be a whole number, not "8"',
    "[rhythm]\ngoal = 7.5": "2: [rhythm]: goal: should be a whole number, not 7.5",
    "[rhythm]\ngoal = true": "2: [rhythm]: goal: should be a whole number, not true",
    "[rhythm]\ngoal = -1": "2: [rhythm]: goal: should be at least 0, not -1",
    "[rhythm]\nopen = 101": "2: [rhythm]: open: should be at most 100, not 101",
    "[rhythm]\nhours = '8-18'": '2: [rhythm]: hours: "8-18" is no stretch of hours; write it like "08:00-18:00"',
    "[rhythm]\nhours = '08:00-25:00'": (
        '2: [rhythm]: hours: "08:00-25:00" holds no time of day; write it like "08:00-18:00"'
    ),
    "[rhythm]\nhours = '18:00-08:00'": (
        '2: [rhythm]: hours: "18:00-08:00" ends before it begins; write it like "08:00-18:00"'
    ),
    "[rhythm]\nhorizon = 14": '2: [rhythm]: horizon: write a span of time in quotes, like "6 weeks"',
    "[rhythm]\ndays = ['monday']": (
        '2: [rhythm]: days 1: should be one of mon, tue, wed, thu, fri, sat, sun, not "monday"; did you mean "mon"?'
    ),
    "[[circles]]\nname = 'a'\noccasions = []": (
        '3: [[circles]] 1 "a": occasions: names no occasion; leave the key out, or name some'
    ),
    "[[circles]]\nname = 'a'\n[[circles]]\nname = 'a'": (
        '4: [[circles]] 2 "a": name: circle 1 has the name "a" too; give each its own'
    ),
    "[[circles]]\nname = 'mentors'\n[[people]]\nname = 'Maya'\ncircle = 'mentor'": (
        '5: [[people]] 1 "Maya": circle: there is no circle "mentor"; did you mean "mentors"?'
    ),
    "[[circles]]\nname = 'mentors'\n[[people]]\nname = 'Maya'\ncircle = 'kin'": (
        '5: [[people]] 1 "Maya": circle: there is no circle "kin"; there is "mentors"'
    ),
    "[[people]]\nname = 'Maya'\ncircle = 'kin'": (
        '3: [[people]] 1 "Maya": circle: there is no circle "kin"; there is none yet; add one: [[circles]]'
    ),
    "[[people]]\nname = 'Maya'\nbirthday = 1980": (
        '3: [[people]] 1 "Maya": birthday: "1980" is no date; write it like 1980-05-17'
    ),
    "[[people]]\ncity = 'Lisbon'": "1: [[people]] 1: has neither name nor emails; give one at least",
    "[[people]]\nemails = ['b@example.org']\n[[people]]\nname = 'B'\nemails = [\n'x@example.org',\n'B@example.org']": (
        '7: [[people]] 2 "B": emails 2: "b@example.org" is also that of [[people]] 1; it can be one person\'s only'
    ),
    "[me]\nemails = ['Robin@example.com']\n[[people]]\nemails = ['robin@example.com']": (
        '4: [[people]] 1 "robin@example.com": emails 1: "robin@example.com" is yours by [me] emails; it can be in one '
        "place only"
    ),
    SHELF + "[writing]\naccount = 'hoem'": '7: [writing]: account: there is no account "hoem"; did you mean "home"?',
    "[writing]\naccount = 'home'": '2: [writing]: account: there is no account "home"; there is none yet',
    "[writing.model]\nurl = 'https://x.example/v1'": "1: [writing.model]: model: is missing",
    "[writing.model]\nurl = 'https://x.example/v1'\nmodel = 'y'\nkey = 'hunter2'": (
        f"4: [writing.model]: key: {SECRET}; write key_command instead"
    ),
    # No TOML at all:
    "[rhythm]\nlearn = yes": (
        '2: what follows "=" cannot be read; text stands in quotes, and true and false are written small'
    ),
    "a = ['x'\nb = 2": '2: a list is not closed, or lacks a comma; write it like ["…", "…"]',
    "a = { b = 1": '1: a table is not closed, or lacks a comma; write it on one line, like { text = "…" }',
    "a = 1 2": "1: more stands here than one value; text stands in quotes, and each key on a line of its own",
    "x\ny = 1": '1: a key is followed by "=" and a value; a comment begins with "#"',
    "[me\na = 1": "1: a section's name is not closed; write it like [me]",
    "[[people]\na = 1": "1: a section's name is not closed; write it like [[people]]",
    'a = "x\nb = 1': "1: a text is not closed; it ends with the quote it began with, on the same line",
    'a = "\x01"': "1: holds a character that TOML does not allow; take it out",
    'a = "C:\\mail"': '1: a "\\" has a meaning of its own in "…"; write it twice, or the text in single quotes',
    'a = "C:\\Users"': '1: a "\\" has a meaning of its own in "…"; write it twice, or the text in single quotes',
    "= 1": "1: this is neither a key, a [section] nor a # comment",
    "[]": "1: this is no key; a key is made of letters, digits, - and _, or stands in quotes",
    "a = 2026-02-30": "1: there is no such day or time",
    "[me]\nname = 'a'\n[rhythm]\n[me]": '4: "me" is there already, in line 1; keep one',
    "[me]\nname = 'a'\nname = [\n'b',\n]": '3: "me.name" is there already, in line 2; keep one',
    "[[people]]\nname = 'a'\n[people]": '3: "people" is there already, in line 1; keep one',
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_file_is_told_in_one_line(text: str, told: Told) -> None:
    assert told(text + "\n") == [f"config.toml:{WRONG[text]}"]


def test_a_text_that_never_ends_has_no_line(told: Told) -> None:
    assert told('a = """x') == ["config.toml: a text is not closed; it ends with the quotes it began with"]


def test_a_number_without_end_is_told(told: Told) -> None:
    (problem,) = told("a = " + "1" * 5000)
    assert problem.startswith("config.toml: cannot be read: ")


def test_lists_without_end_are_told(told: Told) -> None:
    assert told("a = " + "[" * 100_000) == ["config.toml: holds lists within lists beyond all measure"]


def test_all_problems_are_told_at_once_in_the_order_of_the_file(told: Told) -> None:
    problems = told("""\
[rhythm]
goal = "8"
[[people]]
name = "Lakshmi"
every = "6 wekes"
circle = "mentors"
[[accounts]]
name = "home"
kind = "gmail"
password = "hunter2"
[[accounts]]
kind = "post"
prot = 3
""")
    assert [line.split(": ")[0] for line in problems] == [
        f"config.toml:{line}" for line in (2, 5, 6, 9, 10, 11, 11, 13)
    ]


def test_no_problem_repeats_a_secret(told: Told) -> None:
    problems = told('token = "hunter2"\n[[accounts]]\nname = "a"\nkind = "gmail"\npassword = "hunter2"\n')
    assert len(problems) == 3
    assert "hunter2" not in " ".join(problems)


def test_what_stands_in_the_file_cannot_write_to_the_terminal(told: Told) -> None:
    for problem in told('"a\\u001b[2Jb" = 1\n[[people]]\nname = "x\\u202e\\n"\nevery = "\\u001b]0;x"\ncirle = 1\n'):
        assert problem.isprintable()


def test_a_long_value_is_told_short(told: Told) -> None:
    (problem,) = told(f'[[people]]\nname = "Maya"\nevery = "{"x" * 10_000}"\n')
    assert len(problem) < 300


def test_the_error_is_the_lines_and_ends_with_78(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("a = 1\nb = 2\n")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.exit_code == 78
    assert caught.value.path == path
    assert str(caught.value).count("\n") == 1


def refused(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path)
    (problem,) = caught.value.problems
    return str(problem)


def test_a_file_that_is_not_there_is_told_with_the_way_to_make_one(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    assert refused(path) == f"{path}: there is no such file; `auld init` writes one, --config names another"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"{tmp_path}: is a folder; name the file in it, like config.toml"


def test_a_file_below_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert refused(tmp_path / "a" / "b") == f"{tmp_path / 'a' / 'b'}: cannot be read: not a directory"


def test_an_impossible_name_cannot_be_read(tmp_path: Path) -> None:
    assert refused(tmp_path / "a\0b").endswith("cannot be read: it has no possible name")


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert refused(tmp_path / "x") == f"{tmp_path / 'x'}: cannot be read: permission denied"


def test_other_encodings_are_told_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes('[me]\nname = "Zoë"\n'.encode("latin-1"))
    assert refused(path) == f"{path}: is not UTF-8 (line 2); save it as UTF-8"


def test_a_byte_order_mark_is_told(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf[me]\n")
    assert refused(path) == f"{path}: begins with a byte order mark (BOM); save it as UTF-8 without one"
