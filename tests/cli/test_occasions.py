"""What a draft is about: what was noted, a birthday, an apology, a lunch; in the person's language; own templates."""

import sys
from datetime import UTC, datetime

import pytest

from tests.cli.archive import ANA, BELA, NOW, Home, after, before

_ANA = '[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\nevery = "{every}"\n{more}'


def listed(home: Home, more: str = "", *, every: str = "1 month", me: str = "", extra: str = "") -> None:
    home.configure(_ANA.format(every=every, more=more) + extra, me=me)


def _draft(home: Home, who: str = "Ana", *more: str) -> dict[str, str]:
    return dict(home.ask("draft", who, "--dry-run", *more)[0])


@pytest.mark.parametrize(
    ("option", "text", "occasion"),
    [("--promoted", "Head of Design", "congratulations"), ("--reference", "Example Ltd", "reference")],
)
def test_what_was_noted_is_written_next_and_told_once(ana: Home, option: str, text: str, occasion: str) -> None:
    listed(ana, every="3 years")
    assert ana.ask("due") == []
    assert "one of the next drafts" in ana.run("note", "Ana", option, text).err
    due = ana.ask("due")
    assert [(one["name"], one["occasion"]) for one in due] == [("Ana Lima", occasion)]
    written = ana.ask("draft")
    assert text in written[0]["body"]
    assert written[0]["in_reply_to"] is None
    ana.send(ana.lying()[0], after(days=1))
    ana.run("once", now=after(days=1, minutes=1))
    assert ana.ask("due", now=after(days=60)) == []


def test_an_occasion_without_its_fact_is_refused_with_the_way_to_give_it(ana: Home) -> None:
    for occasion, way in (("congratulations", "--promoted"), ("reference", "--reference"), ("news", "--news")):
        ran = ana.run("draft", "Ana", "--occasion", occasion, "--dry-run", code=1)
        assert way in ran.err


def test_a_birthday_is_wished_though_nobody_is_due(ana: Home) -> None:
    listed(ana, "birthday = 1980-11-24\n", every="3 years")
    due = ana.ask("due")
    assert [(one["occasion"], one["reason"]) for one in due] == [("birthday", "it is their birthday")]
    written = ana.ask("draft")
    assert [one["occasion"] for one in written] == ["birthday"]
    assert "1980" not in written[0]["body"]
    assert ana.ask("due", now=after(minutes=5)) == []


def test_who_wrote_last_and_waits_for_an_answer_gets_an_apology(home: Home) -> None:
    home.friend(silent=300)
    home.got(ANA, 40, subject="The winter garden")
    listed(home)
    home.run("sync")
    draft = _draft(home)
    assert draft["occasion"] == "sorry-for-the-silence"
    assert "winter garden" in draft["subject"] + draft["body"].lower()


def test_an_answer_of_theirs_that_ended_the_talk_is_none(home: Home) -> None:
    home.friend(silent=300)
    mine = home.wrote(ANA, 41, subject="The winter garden")
    home.got(ANA, 40, subject="Re: The winter garden", more=f"In-Reply-To: <{mine}>\nReferences: <{mine}>\n")
    listed(home)
    home.run("sync")
    assert _draft(home)["occasion"] == "catch-up"


def test_who_lives_in_my_city_is_asked_to_lunch(ana: Home) -> None:
    listed(ana, 'city = "porto"\n', me='city = "Porto"')
    draft = _draft(ana)
    assert draft["occasion"] == "lunch"
    assert draft["body"].count("?") == 1
    listed(ana, 'city = "Lisbon"\n', me='city = "Porto"')
    assert _draft(ana)["occasion"] == "catch-up"


def test_a_draft_is_in_their_language_and_as_formal_as_they_are(ana: Home) -> None:
    listed(ana, 'language = "de"\n')
    assert _draft(ana)["body"].startswith("Hallo Ana,\n\n")
    listed(ana, 'language = "de"\nrelation = "client"\n')
    formal = _draft(ana)
    assert formal["body"].startswith("Guten Tag Ana Lima,\n\n")
    assert formal["language"] == "de"
    listed(ana, 'language = "de"\nrelation = "client"\nformality = "informal"\n')
    assert _draft(ana)["body"].startswith("Hallo Ana,\n\n")


def _prefer_news(home: Home) -> None:
    circle = '[[circles]]\nname = "friends"\nevery = "1 month"\noccasions = ["news", "catch-up"]\n'
    listed(home, 'circle = "friends"\n', me='news = [{ text = "I moved to the data team." }]', extra=circle)


def test_news_of_a_withdrawn_draft_are_news_still(ana: Home) -> None:
    _prefer_news(ana)
    assert [one["occasion"] for one in ana.ask("draft")] == ["news"]
    ana.run("mute", "Ana", now=after(days=1))
    ana.run("once", now=after(days=1, minutes=1))
    assert ana.lying() == []
    ana.run("unmute", "Ana", now=after(days=2))
    again = ana.ask("draft", "Ana", "--dry-run", now=after(days=100))
    assert again[0]["occasion"] == "news"
    assert "data team" in again[0]["body"]


def test_news_are_told_once_to_each_and_a_circle_may_prefer_them(ana: Home) -> None:
    _prefer_news(ana)
    written = ana.ask("draft")
    assert [one["occasion"] for one in written] == ["news"]
    assert "I moved to the data team." in written[0]["body"]
    ana.send(ana.lying()[0], after(days=1))
    ana.run("once", now=after(days=1, minutes=1))
    later = ana.ask("draft", "Ana", "--dry-run", now=after(days=100))
    assert later[0]["occasion"] == "catch-up"
    assert "data team" not in later[0]["body"]


# -- own templates -----------------------------------------------------------------------------------------------------


def _own(home: Home, folder: str, text: str) -> None:
    file = home.path / folder / "en" / "catch-up.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    listed(home, extra=f'[writing]\ntemplates = "{folder}/"\n')


def test_own_templates_win_and_a_broken_one_is_told_and_costs_no_draft(ana: Home) -> None:
    own = (
        '[[opening]]\nsay = ["It was only the other day that I thought, in the train, how long ago all of this was."]\n'
    )
    _own(ana, "templates", own)
    assert "in the train" in _draft(ana)["body"]
    assert "in the train" in ana.run("draft", "--preview", "catch-up").out
    _own(ana, "broken", '[[opening]]\nsay = [\n  "{% for x in y %}{% endfor %}",\n]\n')
    assert "in the train" not in _draft(ana)["body"]
    said = " ".join(ana.run("check").out.split())
    assert "broken/en/catch-up.toml, line 3" in said
    assert "only facts in {{ }}" in said


def test_a_template_folder_that_is_missing_is_told(ana: Home) -> None:
    listed(ana, extra='[writing]\ntemplates = "nowhere"\n')
    assert _draft(ana)["body"]
    assert "there is no such folder" in ana.run("check").out


# -- preview -----------------------------------------------------------------------------------------------------------


def test_a_preview_to_a_person_writes_nothing_and_minds_no_hold(ana: Home) -> None:
    ana.run("mute", "Ana")
    shown = ana.run("draft", "Ana", "--preview", "lunch")
    assert "To:      Ana Lima <ana@example.org>" in shown.out
    assert ana.lying() == []
    assert ana.ask("drafts") == []


def test_every_occasion_can_be_previewed_in_every_language(ana: Home) -> None:
    for language in ("en", "it"):
        for occasion in ("birthday", "congratulations", "reference"):
            out = ana.run("draft", "--preview", occasion, "--language", language).out
            assert out.startswith("Subject: ")
    assert "there are no wordings" in ana.run("draft", "--preview", "lunch", "--language", "xx", code=2).err
    ana.run("draft", "Ana", "--language", "de", code=2)


# -- wordings that are liked -------------------------------------------------------------------------------------------


def test_a_note_beside_a_promotion_is_kept_too(ana: Home) -> None:
    ana.run("note", "Ana", "Her book is out.", "--promoted", "Head of Design")
    assert [one["kind"] for one in ana.ask("note", "--list")] == ["note", "promoted"]
    body = _draft(ana)["body"]
    assert "Her book is out." in body
    assert "Head of Design" in body


def test_of_two_drafts_of_a_day_no_sentence_is_the_same(home: Home) -> None:
    home.friend(ANA)
    home.friend(BELA, silent=220)
    home.configure(
        _ANA.format(every="1 month", more="")
        + '[[people]]\nname = "Bela Kovacs"\nemails = ["bela@example.net"]\nevery = "1 month"\n'
    )
    home.run("sync")
    one, other = (set(body["body"].replace("?", ".").split(". ")) for body in home.ask("draft", "--dry-run"))
    assert len(one & other) == 0
    assert before(0) == NOW == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_an_occasion_that_is_untrue_is_refused(ana: Home) -> None:
    ran = ana.run("draft", "Ana", "--occasion", "sorry-for-the-silence", "--dry-run", code=1)
    assert "Ana Lima waits for no answer" in ran.err
    ran = ana.run(
        "draft", "Ana", "--occasion", "new-year", "--dry-run", now=datetime(2027, 6, 1, 9, tzinfo=UTC), code=1
    )
    assert "November to February" in ran.err
    assert "2027" in _draft(ana, "Ana", "--occasion", "new-year")["body"], "the one that comes"
    for occasion in ("sorry-for-the-silence", "new-year"):
        ana.run("draft", "Ana", "--preview", occasion, now=datetime(2027, 6, 1, 9, tzinfo=UTC))


def test_a_lunch_with_whoever_lives_elsewhere_claims_no_common_city(ana: Home) -> None:
    for day in range(40):
        now = after(days=day)
        body = dict(ana.ask("draft", "Ana", "--dry-run", "--occasion", "lunch", now=now)[0])["body"]
        assert "city" not in body
        assert "nearby" not in body


def test_why_there_is_no_news_to_tell_is_said_as_it_is(ana: Home) -> None:
    def why() -> str:
        return ana.run("draft", "Ana", "--occasion", "news", "--dry-run", code=1).err

    assert "no current news of yours" in why()
    news = '[[me.news]]\ntext = "I moved to the data team."\n'
    listed(ana, 'language = "de"\n', extra=news)
    assert "your news is in en and drafts to Ana Lima are in de" in why()


def test_a_draft_taken_back_at_a_word_gives_its_notes_back(ana: Home) -> None:
    listed(ana, every="3 years")
    ana.run("note", "Ana", "--promoted", "Head of Design")
    ana.run("note", "Ana", "The choir sings on Friday.")
    ana.run("draft")
    assert [one["used"] for one in ana.ask("note", "--list")] == [True, True]
    ana.run("drafts", "--withdraw", "--all")
    assert [one["used"] for one in ana.ask("note", "--list")] == [False, False]
    assert [one["occasion"] for one in ana.ask("due")] == ["congratulations"]


def test_one_that_is_deleted_gives_back_what_it_was_to_tell_beside_its_occasion(ana: Home) -> None:
    listed(ana, every="3 years")
    ana.run("note", "Ana", "--promoted", "Head of Design")
    ana.run("note", "Ana", "The choir sings on Friday.")
    ana.run("draft")
    ana.lying()[0].path.unlink()
    for minutes in (5, 20):
        ana.run("once", now=after(minutes=minutes))
    assert ana.statuses(after(minutes=20)) == ["deleted"]
    used = {one["kind"]: one["used"] for one in ana.ask("note", "--list", now=after(minutes=20))}
    assert used == {"promoted": True, "note": False}


def test_a_note_that_no_draft_could_tell_is_refused(ana: Home) -> None:
    assert "at most 300 characters" in ana.run("note", "Ana", "word " * 70, code=2).err
    assert "one question at most" in ana.run("note", "Ana", "Are you coming? Is Bo?", code=2).err
    assert ana.ask("note", "--list") == []


def test_an_address_in_a_note_is_told_as_it_is(ana: Home) -> None:
    ana.run("note", "Ana", "https://example.org/Photos shows them")
    assert "https://example.org/Photos shows them." in _draft(ana)["body"]


def test_why_nobody_is_written_to_is_said_as_it_is(ana: Home) -> None:
    ana.run("pause", "2 weeks")
    assert "paused until" in ana.run("draft").err
    assert "paused until" in ana.run("once").err
    ana.run("resume")
    ana.begin(ANA)
    assert "1 person is due and held back" in ana.run("once").err


def test_all_drafts_are_taken_back_only_if_that_is_meant(ana: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    ana.run("draft")
    monkeypatch.setattr("daemon.cli.drafting.confirmed", lambda _: False)
    assert "Nothing was changed" in ana.run("drafts", "--all", code=1).err
    assert ana.statuses() == ["open"]
    monkeypatch.setattr("daemon.cli.drafting.confirmed", lambda _: True)
    ana.run("drafts", "--all")
    assert ana.statuses() == ["withdrawn"]


def test_a_preview_says_that_own_words_are_broken(ana: Home) -> None:
    (ana.path / "templates" / "en").mkdir(parents=True)
    (ana.path / "templates" / "en" / "lunch.toml").write_text("[[opening", encoding="utf-8")
    listed(ana, extra='[writing]\ntemplates = "templates"\n')
    ran = ana.run("draft", "--preview", "lunch")
    assert "auld's own words are used in the place of en/lunch.toml" in ran.err
    assert ana.run("draft", "--preview", "catch-up").err == ""


def test_a_note_of_a_draft_that_was_sent_after_all_is_told_once(ana: Home) -> None:
    ana.run("note", "Ana", "The choir sings on Friday.")
    ana.run("draft", "Ana", "--occasion", "catch-up")
    (draft,) = ana.lying()
    kept = draft.path.read_bytes()
    draft.path.unlink()
    for minutes in (5, 20):
        ana.run("once", now=after(minutes=minutes))
    assert [one["used"] for one in ana.ask("note", "--list", now=after(minutes=20))] == [False]
    (ana.sent / "cur" / "1.late.example:2,S").write_bytes(kept)
    ana.run("once", now=after(minutes=40))
    assert ana.statuses(after(minutes=40)) == ["sent"]
    assert [one["used"] for one in ana.ask("note", "--list", now=after(minutes=40))] == [True]


@pytest.mark.parametrize("text", ["\u200b", "…", "如何\uff1f好吗\uff1f"])
def test_a_note_that_says_nothing_or_asks_twice_blocks_no_other(ana: Home, text: str) -> None:
    ana.run("note", "Ana", text, code=2)
    ana.run("note", "Ana", "The choir sings on Friday.")
    assert "The choir sings" in _draft(ana)["body"]


def test_a_birthday_that_the_config_knows_to_be_another_day_is_not_wished(ana: Home) -> None:
    listed(ana, "birthday = 1980-04-06\n")
    assert "6 April" in ana.run("draft", "Ana", "--occasion", "birthday", "--dry-run", code=1).err
    for born in ("1980-12-20", "1980-11-01"):
        listed(ana, f"birthday = {born}\n")
        assert _draft(ana, "Ana", "--occasion", "birthday")["occasion"] == "birthday"


def test_what_a_command_said_of_somebody_who_is_forgotten_is_not_kept(
    ana: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["auld", "forget", "Ana"])  # what the lock says of its holder
    ana.run("forget", "Ana", "--yes")
    assert b"Ana" not in (ana.state / "lock").read_bytes()


def test_a_drafts_folder_that_is_gone_is_told_with_what_to_do_and_nothing_is_written(ana: Home) -> None:
    ana.friend(BELA, silent=300)
    ana.run("sync")
    ana.run("draft", "Ana")
    away = ana.drafts.rename(ana.path / "unmounted")
    for words in (("draft", "Bela"), ("once",), ("draft",)):
        ran = ana.run(*words, code=1)
        assert "is not there any more: mount or restore it" in ran.err, words
    assert not ana.drafts.exists()
    away.rename(ana.drafts)
    ana.run("once")
    assert "open" in ana.statuses()
