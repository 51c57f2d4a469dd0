"""A new config says what was answered, whatever was answered."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.config import Answers, Friend, load, new_config, show
from daemon.settings import Settings
from daemon.spans import Span

# What is white space to Unicode; str.strip() takes four control characters more.
WHITE = "".join(char for char in map(chr, range(0x3001)) if char.isspace() and char not in "\x1c\x1d\x1e\x1f")

TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.text("\"'\\\n\r\t\x00\x1b\x7f\u0085\u2028#[]=, x", max_size=20),
)
PATHS = st.lists(TEXT.map(lambda text: f"~/{text}x".replace("\0", "")), max_size=3).map(tuple)
EMAILS = st.integers(0, 99).map("p{}@example.org".format)


@st.composite
def friends(draw: st.DrawFn) -> tuple[Friend, ...]:
    emails = draw(st.lists(EMAILS, unique=True, max_size=4))
    circles = st.sampled_from(["", "friends", "Family", 'a "b" \\', "[x]"])
    return tuple(Friend(draw(TEXT), email, draw(circles)) for email in emails)


ANSWERS = st.builds(
    Answers,
    name=TEXT,
    emails=st.lists(st.integers(0, 9).map("me{}@example.com".format), min_size=1, unique=True).map(tuple),
    timezone=st.sampled_from(["", "Europe/Amsterdam", "UTC"]),
    goal=st.integers(0, 200),
    sent=PATHS,
    received=PATHS,
    mail=PATHS,
    calendar=PATHS,
    drafts=TEXT.map(lambda text: text.replace("\0", "")),
    people=friends(),
)


def loaded(answers: Answers) -> Settings:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(new_config(answers), "utf-8", newline="")
        return load(path)


@given(ANSWERS)
@example(Answers(name='"""\n[[people]]\nname = "x', emails=("robin@example.com",), sent=("~/a\\", "'")))
def test_what_was_answered_is_read_back(answers: Answers) -> None:
    settings = loaded(answers)
    assert settings.me.name == answers.name.strip(WHITE)
    assert settings.me.emails == answers.emails
    assert settings.me.timezone == answers.timezone
    assert settings.rhythm.goal == answers.goal
    listed = [(one.name, one.emails, one.circle) for one in settings.people]
    assert listed == [(one.name.strip(WHITE), (one.email,), one.circle) for one in answers.people]
    if answers.sent or answers.received or answers.mail or answers.calendar:
        options = settings.accounts[0].options
        read = {key: tuple(options.get(key, ())) for key in ("sent", "received", "mail", "calendar")}
        assert read == {key: getattr(answers, key) for key in read}
        assert options.get("drafts", "") == answers.drafts
    else:
        assert settings.accounts == ()


def test_a_new_file_without_answers_loads_and_shows_what_to_fill_in() -> None:
    text = new_config(Answers())
    assert loaded(Answers()).accounts == ()
    for wanted in ("[[accounts]]", "[[people]]", "[[circles]]", "drafts =", 'name = ""'):
        assert wanted in text


@pytest.mark.parametrize("answers", [Answers(), Answers(emails=("robin@example.com",), sent=("~/Mail/Sent",))])
def test_gmail_is_a_choice_that_only_wants_its_comment_signs_taken_away(answers: Answers, tmp_path: Path) -> None:
    before, start, rest = new_config(answers).partition('# [[accounts]]\n# name = "home"\n')
    stanza, _, after = (start + rest).partition("\n\n")
    path = tmp_path / "config.toml"
    path.write_text(before + stanza.replace("# ", "", 4) + "\n" + after, "utf-8")
    assert load(path).accounts[-1].kind == "gmail"


def test_outlook_is_another(tmp_path: Path) -> None:
    before, start, rest = new_config(Answers(emails=("robin@example.com",))).partition(
        '# [[accounts]]\n# name = "work"\n'
    )
    stanza, _, after = (start + rest).partition("\n\n")
    path = tmp_path / "config.toml"
    path.write_text(before + re.sub("^# ", "", stanza, flags=re.MULTILINE) + "\n" + after, "utf-8")
    [account] = load(path).accounts
    assert (account.name, account.kind, account.options["tenant"]) == ("work", "outlook", "common")


def test_circles_come_with_a_usual_rhythm() -> None:
    people = (Friend("Maya", "", "family"), Friend("Tomasz", "", "rowing"), Friend("Ana", "", "family"))
    settings = loaded(Answers(people=people))
    assert [(one.name, one.every) for one in settings.circles] == [
        ("family", Span(months=1)),
        ("rowing", Span(months=3)),
    ]


def test_a_file_name_that_is_no_text_is_still_written() -> None:
    settings = loaded(Answers(emails=("robin@example.com",), sent=("~/Mail/\udce9",)))
    assert settings.accounts[0].options["sent"] == ["~/Mail/?"]


def test_mail_on_disk_waits_as_a_comment_until_my_addresses_are_known() -> None:
    answers = Answers(sent=("~/Mail/Sent",))
    text = new_config(answers)
    assert loaded(answers).accounts == ()
    assert '# sent = ["~/Mail/Sent"]' in text
    assert "Fill in emails above" in text


def test_the_account_of_a_new_file_is_shown_as_answered() -> None:
    settings = loaded(Answers(emails=("robin@example.com",), sent=("~/Sent",), drafts="~/Drafts"))
    (account,) = show(settings)["accounts"]
    assert (account["kind"], account["drafts"]) == ("files", "~/Drafts")
