"""`auld people --merge`, `--split`, `--joins`, `--undo-join`: said in full, kept in the state, each can be undone."""

import pytest

from tests.cli.archive import ANA, BELA, Home, before

CARL = "Carl Weber <carl@example.com>"
_LISTED_ANA = '[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"{more}]\nevery = "1 month"\n'


@pytest.fixture
def trio(home: Home) -> Home:
    """A home where Ana, Bela and Carl are three people."""
    for place, who in enumerate((ANA, BELA, CARL)):
        home.friend(who, silent=200 + 50 * place)
    home.run("sync")
    return home


def _people(home: Home) -> list[set[str]]:
    return sorted((set(one["emails"]) for one in home.ask("people", "--all")), key=min)


def test_a_merge_of_three_says_who_they_are_and_what_becomes_of_them(trio: Home) -> None:
    said = trio.run("people", "--merge", "ana", "bela", "carl").err
    assert "Ana Lima, Bela Kovacs and Carl Weber are one person now, Ana Lima:" in said
    assert "Bela Kovacs <bela@example.net>: last contact 19 Mar 2026" in said
    assert "Together: last contact 8 May 2026" in said
    assert "Undo: auld people --undo-join 1" in said
    assert _people(trio) == [{"ana@example.org", "bela@example.net", "carl@example.com"}]
    assert "a merge by hand" not in trio.run("why", "ana").err
    assert trio.run("why", "ana").out.count("merged by hand") == 3, "two addresses, and the word itself"


def test_one_address_split_from_a_merge_of_three_leaves_the_other_two_one(trio: Home) -> None:
    trio.run("people", "--merge", "ana", "bela", "carl")
    said = trio.run("people", "--split", "ana@example.org", "bela@example.net").err
    assert "bela@example.net is somebody else's now:" in said
    assert "Ana Lima <ana@example.org, carl@example.com>: last contact 8 May 2026" in said
    assert "Bela Kovacs <bela@example.net>: last contact 19 Mar 2026" in said
    for _ in range(2):
        assert _people(trio) == [{"ana@example.org", "carl@example.com"}, {"bela@example.net"}]
        trio.run("sync", "--full")


def test_joins_lists_each_word_and_whether_it_still_holds(trio: Home) -> None:
    assert "Nothing was merged" in trio.run("people", "--joins").err
    assert trio.ask("people", "--joins") == []
    trio.run("people", "--merge", "ana", "bela")
    trio.run("people", "--split", "ana@example.org", "bela@example.net")
    told = trio.ask("people", "--joins")
    assert [(one["id"], one["kind"], one["in_force"]) for one in told] == [(1, "merge", False), (2, "split", True)]
    assert [(one["holds"], one["undone_by"]) for one in told] == [("no", [2]), ("yes", [])]
    assert told[0]["at"] == "2026-11-24T10:00:00Z"
    assert told[1]["emails"] == ["bela@example.net", "ana@example.org"]
    table = trio.run("people", "--joins").out
    assert "bela@example.net from ana@example.org" in table
    assert table.splitlines()[2].split()[-2:] == ["no:", "#2"]


def test_undo_join_lets_the_word_before_it_hold_again(trio: Home) -> None:
    trio.run("people", "--merge", "ana", "bela")
    trio.run("people", "--split", "ana@example.org", "bela@example.net")
    apart = _people(trio)
    said = trio.run("people", "--undo-join", "2").err
    assert "Taken back: split by hand: bela@example.net, from ana@example.org." in said
    assert "Ana Lima <ana@example.org, bela@example.net>: last contact 8 May 2026" in said
    trio.run("sync", "--full")
    assert len(_people(trio)) == 2
    assert trio.ask("people", "--undo-join", "1") == [], "with --json, what is left"
    assert _people(trio) == apart
    assert "no merge or split 1" in trio.run("people", "--undo-join", "1", code=2).err


def test_a_plus_tag_that_is_the_same_address_by_rule_can_be_split_off(home: Home) -> None:
    """Rules: `--split` wins over rule A, same address."""
    home.friend("Ana Lima <ana@example.org>", silent=200)
    home.friend("Shop of Ana <ana+shop@example.org>", silent=300)
    home.friend("A. L. <ana+club@example.org>", silent=400)
    home.run("sync")
    assert _people(home) == [{"ana@example.org", "ana+shop@example.org", "ana+club@example.org"}]
    assert "the same address as" in home.run("why", "ana@example.org").out
    home.run("people", "--split", "ana@example.org", "ana+shop@example.org")
    for _ in range(2):
        assert _people(home) == [{"ana@example.org", "ana+club@example.org"}, {"ana+shop@example.org"}]
        home.run("sync", "--full")
    home.run("people", "--undo-join", "1")
    assert len(_people(home)) == 1


def test_the_config_forbids_a_split_of_what_it_says_is_one_and_the_refusal_says_so(trio: Home) -> None:
    trio.configure(_LISTED_ANA.format(more=', "bela@example.net"'))
    said = trio.run("people", "--split", "ana@example.org", "bela@example.net", code=2).err
    assert "[[people]] of the config says that bela@example.net is of Ana Lima" in said
    assert trio.ask("people", "--joins") == []


def test_an_address_that_only_a_rule_gave_to_a_listed_person_can_be_split_off(home: Home) -> None:
    home.friend(ANA)
    home.friend("Ana Lima <lima@example.net>", silent=300)
    home.configure(_LISTED_ANA.format(more=""))
    home.run("sync")
    home.run("people", "--split", "ana@example.org", "lima@example.net")
    assert _people(home) == [{"ana@example.org"}, {"lima@example.net"}]


def test_a_merge_by_hand_that_the_config_overrules_later_is_shown_as_not_holding(trio: Home) -> None:
    trio.run("people", "--merge", "ana", "bela")
    both = _LISTED_ANA.format(more="") + '[[people]]\nname = "Bela Kovacs"\nemails = ["bela@example.net"]\n'
    trio.configure(both)
    [join] = trio.ask("people", "--joins")
    assert join["in_force"] is False
    assert trio.ask("why", "ana")["by_hand"] == []
    assert "each have an entry of their own" in trio.run("people", "--merge", "ana", "bela", code=2).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--merge", "ana", "ana@example.org"], "Ana Lima is one person already: ana@example.org"),
        (["--merge", "ana", "emil"], "no address of Emil Braun is known"),
        (["--merge", "ana", "robin@example.com"], 'no person behind "robin@example.com" (it is yours)'),
        (["--merge", "ana"], "say two"),
        (["--split", "ana", "bela@example.net"], "it is of Bela Kovacs; known are ana@example.org"),
        (["--split", "ana", "ana@example.org"], "the only address of Ana Lima"),
        (["--split", "ana", "bela", "carl"], "say who, and which address is not theirs"),
        (["--undo-join", "x"], '"x" is no number; auld people --joins shows the numbers'),
        (["--joins", "ana"], "without a name"),
        (["--joins", "--merge", "ana", "bela"], "do not go together"),
        (["--undo-join", "7"], "no merge or split 7"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_nonsense_is_refused_and_keeps_nothing(trio: Home, words: list[str], said: str) -> None:
    trio.configure('[[people]]\nname = "Emil Braun"\n')
    kept = trio.kept()
    assert said in trio.run("people", *words, code=2).err
    assert trio.kept() == kept


def test_a_word_that_would_change_nothing_is_refused_with_the_reason(trio: Home) -> None:
    """A clock that was set back: the later word wins, and this is none."""
    trio.run("people", "--merge", "ana", "bela")
    trio.run("people", "--split", "ana@example.org", "bela@example.net")
    said = trio.run("people", "--merge", "ana", "bela", now=before(0.5), code=2).err
    assert "it would not make them one: a later word of yours says otherwise (auld people --joins)" in said
    assert len(trio.ask("people", "--joins")) == 2


def test_of_two_who_were_merged_a_contact_told_by_hand_is_shown_where_it_counts(trio: Home) -> None:
    trio.run("people", "--merge", "ana", "bela")
    trio.run("met", "ana", "yesterday", "tea")
    trio.run("people", "--split", "ana@example.org", "bela@example.net")
    told = [who for who in ("ana", "bela") if "  you met (tea)" in trio.run("why", who).out]
    assert told == [who for who in ("ana", "bela") if trio.ask("why", who)["counted"][0]["kind"] == "met"]
    assert len(told) == 1


def test_a_merge_that_a_later_split_undid_in_part_is_shown_as_that_with_its_undo(trio: Home) -> None:
    trio.run("people", "--merge", "ana", "bela", "carl")
    trio.run("people", "--split", "ana@example.org", "bela@example.net")
    first, second = trio.ask("people", "--joins")
    assert (first["holds"], first["undone_by"], first["in_force"]) == ("in part", [2], False)
    assert (second["holds"], second["undone_by"]) == ("yes", [])
    assert "in part: #2" in " ".join(trio.run("people", "--joins").out.split())
    told = [one for one in trio.ask("why", "ana")["by_hand"] if one["kind"] == "merged"]
    assert [one["undo"] for one in told] == ["auld people --undo-join 1"]
    assert told[0]["text"].endswith("(in part: #2)")
    assert [one["kind"] for one in trio.ask("why", "bela")["by_hand"]] == ["split"]


def test_the_number_of_a_word_that_was_taken_back_is_not_given_again(trio: Home) -> None:
    trio.run("people", "--merge", "ana", "bela")
    trio.run("people", "--undo-join", "1")
    said = trio.run("people", "--merge", "bela", "carl").err
    assert "Undo: auld people --undo-join 2" in said
    trio.run("people", "--undo-join", "1", code=2)
    assert len(trio.ask("people", "--joins")) == 1
    trio.friend("Dora Novak <dora@example.org>")
    trio.run("sync", "--full")
    trio.run("forget", "carl@example.com", "--yes")
    assert trio.ask("people", "--joins") == []
    assert "--undo-join 3" in trio.run("people", "--merge", "ana", "dora").err


def test_addresses_are_never_cut_in_the_list_however_narrow_it_is(trio: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    trio.friend("Dora Novak <dora.novak.of.the.long.address@a-long-domain.example.org>")
    trio.run("sync")
    trio.run("people", "--merge", "ana", "dora")
    monkeypatch.setenv("COLUMNS", "50")
    table = trio.run("people", "--joins").out
    assert "…" not in table
    assert "example.org" in table.splitlines()[-1], "the last of it stands in a line of its own"


@pytest.mark.parametrize(
    "words",
    [
        ["--merge", "ana", "bela"],
        ["--split", "carl@example.com", "weber@example.com"],
        ["--write-to", "carl@example.com", "weber@example.com"],
        ["--write-to", "carl@example.com", "auto"],
    ],
    ids=" ".join,
)
def test_as_json_each_word_tells_the_person_as_they_are_then(trio: Home, words: list[str]) -> None:
    trio.friend("Carl Weber <weber@example.com>", silent=100)
    trio.run("sync")
    [person] = trio.ask("people", *words)
    assert person == trio.person(person["emails"][0])
    assert ("bela@example.net" in person["emails"]) is (words[0] == "--merge")
