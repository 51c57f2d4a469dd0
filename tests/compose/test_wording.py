"""Template files: what a native speaker may write, and what is told when it is wrong."""

import errno
import json
import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from daemon.compose.draft import compose, example
from daemon.compose.facts import Silence
from daemon.compose.lists import contains, entries, equals
from daemon.compose.phrasebook import BUILT_IN, Phrasebook
from daemon.compose.wording import BrokenTemplate, built_in, greetings, render, wordings
from daemon.settings import Language, Occasion


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "catch-up.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_later_folder_wins_file_by_file(tmp_path: Path) -> None:
    own = folder(tmp_path, '[[opening]]\nsay = ["My own words."]')
    read = wordings("en", "catch-up", (built_in(), own))
    assert [wording.text for wording in read if wording.part == "opening" and not wording.spare] == ["My own words."]
    assert any(wording.part == "shared" for wording in read)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[opening", "catch-up.toml: "),
        ('[[opener]]\nsay = ["x"]', "opener is no part"),
        ('opening = "x"', "opening is no part"),
        ("[[opening]]\nsays = []", "wants a list of wordings"),
        ('[[opening]]\nsay = [""]', "a text in quotes"),
        ('[[opening]]\nsay = ["{{ phone }}"]', "phone, which is no fact"),
        ('[[opening]]\nsay = ["{{ topic"]', "unexpected end"),
        ('[[opening]]\nsilence = ["days"]\nsay = ["x"]', "silence is a list of weeks, months, years"),
        ('[[opening]]\nrelation = "friend"\nsay = ["x"]', "relation is a list of"),
        ('[[opening]]\nmood = ["x"]\nsay = ["x"]', "does not know mood"),
    ],
)
def test_a_broken_template_tells_file_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BrokenTemplate, match=r"en/catch-up\.toml") as told:
        wordings("en", "catch-up", (folder(tmp_path, text),))
    assert reason in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ 1/0 }}",
        "{{ 'x' * 1000000000 }}",
        "{% for x in range(99999) %}{% for y in range(99999) %}z{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'x' %}",
        "{{ news|center(999999999) }}",
        "{{ news.upper() }}",
    ],
)
def test_a_template_can_do_no_harm_and_always_ends(tmp_path: Path, text: str) -> None:
    with pytest.raises(BrokenTemplate, match=r"en/catch-up\.toml, line 2: .* only facts"):
        wordings("en", "catch-up", (folder(tmp_path, f"[[opening]]\nsay = [{json.dumps(text)}]"),))


def test_a_wording_may_choose_and_fails_without_its_facts(tmp_path: Path) -> None:
    own = folder(tmp_path, '[[opening]]\nsay = ["Hello{% if me %} from {{ me }}{% endif %}."]')
    wording = next(w for w in wordings("en", "catch-up", (built_in(), own)) if w.part == "opening")
    assert render(wording, {"me": "Robin"}) == "Hello from Robin."
    with pytest.raises(BrokenTemplate):
        render(next(w for w in wordings("en", "catch-up") if "topic" in w.needs), {})


def test_a_wording_has_the_same_id_wherever_it_stands() -> None:
    ids = [wording.id for wording in wordings("en", "catch-up")]
    assert len(ids) == len(set(ids))
    assert all(" " not in name for name in ids)


def test_every_language_has_every_occasion() -> None:
    for language, occasion in product(get_args(Language), get_args(Occasion)):
        assert BUILT_IN.exists(language, occasion)
    assert greetings("en").unnamed == "Hello,"


@pytest.mark.parametrize(
    "name",
    [
        "calendar",
        "determiners",
        "double-names",
        "modifiers",
        "nouns",
        "openers",
        "openings",
        "organisations",
        "particles",
        "private",
        "suffixes",
        "surnames-first",
        "transactions",
    ],
)
def test_every_kept_list_can_be_read(name: str) -> None:
    assert len(entries(name)) > 10
    assert not any("#" in entry for entry in entries(name))


def test_a_list_is_searched_by_whole_words_without_accents() -> None:
    assert contains("transactions", "Votre REÇU")
    assert not contains("transactions", "Paidia")
    assert equals("openers", "1:1")
    assert not equals("openers", "Update of the garden")


# -- the user's own folder ---------------------------------------------------------------------------------------------


def test_own_words_win_and_a_broken_file_is_left_aside_and_told(tmp_path: Path) -> None:
    own = Phrasebook(folder(tmp_path, '[[opening]]\nsay = ["My own words."]'))
    said = [one.text for one in own.wordings("en", "catch-up") if one.part == "opening" and not one.spare]
    assert said == ["My own words."]
    assert list(own.faults()) == []
    (tmp_path / "other").mkdir()
    broken = Phrasebook(folder(tmp_path / "other", '[[opening]]\nsay = [\n"{{ phone }}",\n]'))
    assert broken.wordings("en", "catch-up") == BUILT_IN.wordings("en", "catch-up")
    assert [str(fault) for fault in broken.faults()] == [
        'en/catch-up.toml, line 3: [[opening]] "{{ phone }}" names phone, which is no fact'
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("common", '[[sign_off]]\nrelation = ["friend"]\nsay = ["Cheers,"]'),
        ("catch-up", '[[subject]]\nsilence = ["years"]\nsay = ["Long time"]'),
        ("catch-up", '[[opening]]\nsilence = ["years"]\nsay = ["So much time has gone by."]'),
        ("catch-up", f'[[opening]]\nsay = ["{"Many words. " * 60}"]'),
        ("catch-up", '[[opening]]\nsay = ["Are you well? Are you? Are you at all?"]'),
    ],
)
@pytest.mark.parametrize("silence", Silence)
def test_where_own_words_do_not_suit_auld_has_its_own(
    tmp_path: Path, name: str, content: str, silence: Silence
) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / f"{name}.toml").write_text(content, encoding="utf-8")
    own = Phrasebook(tmp_path)
    facts = replace(example("catch-up"), silence=silence)
    composed = compose(facts, avoid=(), seed="x", phrasebook=own)
    whole = f"{composed.subject}\n{composed.body}"
    assert composed.subject
    assert whole.count("?") <= 1
    assert 40 <= len(composed.body.split()) <= 130
    if "years" in content:
        word = "Long time" if name == "catch-up" and "subject" in content else "So much time"
        assert (word in whole) is (silence is Silence.YEARS)


def test_what_own_words_may_not_be_is_told_with_its_line(tmp_path: Path) -> None:
    for text, reason in (
        ('[[opening]]\nsay = ["About {topic}."]', "line 2: .* a lone {"),
        ('[[opening]]\nsay = ["hello there"]', "line 2: .* does not end as a sentence does"),
        ('[greeting]\nnamed = "Yo NAME,"', "line 1: .* auld's own files alone"),
        ('[[opening]]\nknown = ["phone"]\nsay = ["Hello."]', "line 2: .* known is a list of"),
    ):
        (own := tmp_path / str(len(text)) / "en").mkdir(parents=True)
        (own / "catch-up.toml").write_text(text, encoding="utf-8")
        (fault,) = Phrasebook(own.parent).faults()
        assert re.search(reason, str(fault)), fault


_HOSTILE = {
    "self": '[[opening]]\nsay = ["Hello {{ self }}."]',
    "globals": '[[opening]]\nsay = ["Hello {{ lipsum }} {{ range }} {{ cycler }}."]',
    "raw": '[[opening]]\nsay = ["Dear {% raw %}{{ name }}{% endraw %}."]',
    "nested": f'[[opening]]\nsay = ["{"{% if topic %}" * 2000}x{"{% endif %}" * 2000}."]',
    "parentheses": f'[[opening]]\nsay = ["{{{{ {"(" * 150}topic{")" * 150} }}}}."]',
    "not": f'[[opening]]\nsay = ["{{% if {"not " * 3000}topic %}}x{{% endif %}}."]',
    "huge": f'[[opening]]\nsay = ["{"word " * 400_000}."]',
    "unseen": '[[opening]]\nsay = ["Hello \\u202e\\u001b[31m there."]',
    "lines": '[[opening]]\nsay = ["Hello.\\n-- \\nEvil Corp."]',
    "formality": '[[opening]]\nformality = ["formal"]\nsay = ["Hello."]',
    "number": f"leave_out = {'1' * 6000}",
    "left out": 'leave_out = ["nonsense"]',
    "left out too much": 'leave_out = ["subject", "sign_off"]',
    "left out as a number": "leave_out = 5",
    "brackets": f"x = {'[' * 5000}{']' * 5000}",
    "a header": '[[subject]]\nsay = ["Hi\\r\\nBcc: eve@example.net"]',
    "an unseen subject": '[[subject]]\nsay = ["\\u200b"]',
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_file_that_would_do_harm_is_told_and_left_aside(tmp_path: Path, name: str) -> None:
    own = Phrasebook(folder(tmp_path, _HOSTILE[name]))
    (fault,) = own.faults()
    assert str(fault).startswith("en/catch-up.toml")
    assert own.wordings("en", "catch-up") == BUILT_IN.wordings("en", "catch-up")
    assert compose(example("catch-up"), avoid=(), seed="x", phrasebook=own) == compose(
        example("catch-up"), avoid=(), seed="x"
    )


def test_a_subject_that_an_answer_does_not_use_costs_no_own_words(tmp_path: Path) -> None:
    own = '[[subject]]\nsay = ["One two three four five six"]\n[[opening]]\nsay = ["These are my very own words."]'
    book = Phrasebook(folder(tmp_path, own))
    answer = compose(example("catch-up"), avoid=(), seed="x", reply_subject="Re: Tea", phrasebook=book)
    assert (answer.subject, "my very own words" in answer.body) == ("Re: Tea", True)
    assert "my very own words" not in compose(example("catch-up"), avoid=(), seed="x", phrasebook=book).body


@pytest.mark.parametrize(
    "content",
    [
        f'[[subject]]\nsay = ["{"very " * 40}"]',
        '[[subject]]\nsay = ["{{ company }}"]',
        "".join(f'[[{part}]]\nsay = ["x."]\n' for part in ("opening", "shared", "bridge", "question", "closing")),
        '[[question]]\nsay = ["How are you\uff1f And where\uff1f"]',
        'leave_out = ["opening", "shared", "bridge", "question", "closing", "news", "note"]',
    ],
)
def test_own_words_take_no_draft_past_its_limits(tmp_path: Path, content: str) -> None:
    composed = compose(example("catch-up"), avoid=(), seed="x", phrasebook=Phrasebook(folder(tmp_path, content)))
    assert 1 <= len(composed.subject.split()) <= 5
    assert 40 <= len(composed.body.split()) <= 130
    assert sum(composed.body.count(sign) for sign in "?\uff1f") <= 1


def test_a_folder_that_nobody_may_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, and tests may run as root: so the refusal is played."""

    def refuse(path: Path) -> bool:
        if path.is_relative_to(tmp_path):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    own, real = Phrasebook(folder(tmp_path, '[[opening]]\nsay = ["My own words."]')), Path.is_file
    monkeypatch.setattr(Path, "is_file", refuse)
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "it cannot be read (Permission denied)" in str(next(own.faults()))
    assert own.wordings("en", "catch-up") == BUILT_IN.wordings("en", "catch-up")
    assert own.exists("en", "lunch")


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "english").mkdir()
    (tmp_path / "english" / "catch-up.toml").touch()
    (tmp_path / "lunch.toml").touch()
    assert [fault.place for fault in Phrasebook(tmp_path).faults()] == ["english/catch-up.toml", "lunch.toml"]


def test_a_folder_that_is_missing_is_told_and_costs_no_draft(tmp_path: Path) -> None:
    missing = Phrasebook(tmp_path / "templates")
    assert "no such folder" in str(next(missing.faults()))
    assert missing.wordings("en", "catch-up")
    assert missing.exists("en", "lunch")
