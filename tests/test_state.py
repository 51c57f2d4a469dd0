"""The state: records and facts come back as they were; forgetting leaves nothing."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from daemon.model import Decision, DraftRecord, Join, Met, Note, Status, Wish
from daemon.state import AccountState, State
from tests.facts import NOW, ledger_of, received, sent

ANA = ("ana@example.org", "al@example.net")
DRAFT = DraftRecord(
    key="k1@example.com", person="Ana Lima", emails=ANA, email=ANA[0], account="archive", occasion="catch-up",
    language="en", subject="Hello", status=Status.OPEN, created_at=NOW, changed_at=NOW, variant="a b", news=("News.",),
    ref_id="f1", ref_key="k1@example.com", revision="r", missing_at=NOW, typed=True,
)  # fmt: skip
DECISION = Decision(ANA, "Ana Lima", muted=True, snoozed_until=NOW, kept=True, circle="mentors", reviewed=True, at=NOW)
NOTE = Note(1, ANA, "Ana Lima", "Her book is out.", Wish.NOTE, NOW)
MET = Met(1, ANA, "Ana Lima", NOW, "coffee")
JOIN = Join(1, ANA, apart=False, at=NOW)
ACCOUNT = AccountState(
    "archive", "c1", "c2", mail_through=True, calendar_through=True, first_synced_at=NOW, own_drafts=ANA
)


def clock() -> datetime:
    return NOW


def fill(state: State) -> None:
    with state.commit() as change:
        state.put_draft(change, DRAFT)
        state.decisions.add(change, DECISION)
        state.notes.add(change, NOTE)
        state.mets.add(change, MET)
        state.joins.add(change, JOIN)
        state.put_account(change, ACCOUNT)
        facts = [
            received("Ana Lima <ana@example.org>", subject="Her secret"),
            sent(["al@example.net", "ben@example.com"]),
        ]
        state.add_page(change, state.ledger.add_mails("archive", facts))


def everything(state: State) -> list[list[object]]:
    shelves = (state.drafts, state.decisions, state.notes, state.mets, state.joins, state.accounts)
    return [list(shelf) for shelf in shelves]


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    with State.open(tmp_path / "state", write=True, clock=clock) as state:
        fill(state)
    with State.open(tmp_path / "state", write=False, clock=clock) as state:
        assert everything(state) == [[DRAFT], [DECISION], [NOTE], [MET], [JOIN], [ACCOUNT]]
        assert state.ledger.addresses == ["ana@example.org", "robin@example.com", "al@example.net", "ben@example.com"]
        assert {detail.title for detail in state.ledger.details.values()} >= {"Her secret"}


def test_a_record_put_again_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    with State.open(tmp_path / "state", write=True, clock=clock) as state:
        fill(state)
        sent_one = replace(DRAFT, status=Status.SENT)
        with state.commit() as change:
            state.put_draft(change, sent_one)
        generation = state.store.generation
        with state.commit() as change:
            state.put_draft(change, sent_one)
        assert state.store.generation == generation
        assert list(state.drafts) == [sent_one]


def test_forgetting_leaves_no_trace_in_any_file_and_nothing_is_learned_again(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with State.open(folder, write=True, clock=clock) as state:
        fill(state)
        state.forget(ANA, "Ana Lima")
        assert state.forgets("ANA@example.org")
        assert state.forgets("ana+shop@example.org")
    for path in folder.rglob("*"):
        text = path.read_bytes().lower() if path.is_file() else b""
        assert not any(word in text for word in (b"ana@", b"al@example", b"ana lima", b"secret", b"her book")), path
    with State.open(folder, write=True, clock=clock) as state:
        with state.commit() as change:
            page = state.ledger.add_mails("archive", [received("Ana Lima <Ana@example.org>", days=1)])
            state.add_page(change, page)
        assert "ana@example.org" not in state.ledger.addresses


def test_forgetting_another_keeps_those_forgotten_before(tmp_path: Path) -> None:
    with State.open(tmp_path / "state", write=True, clock=clock) as state:
        state.forget(ANA, "Ana Lima")
        state.forget(("ben@example.com",), "Ben Ode")
        assert all(state.forgets(email) for email in (*ANA, "ben@example.com"))
        assert not state.forgets("cleo@example.com")


def test_titles_that_no_rule_keeps_are_gone_from_the_disk_too(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    with State.open(folder, write=True, clock=clock) as state:
        facts = [received("Ana Lima <ana@example.org>", days=day, subject=f"Topic {day} end") for day in range(1, 8)]
        with state.commit() as change:
            state.add_page(change, state.ledger.add_mails("archive", facts))
        keep = sorted(ledger_of(facts).details)[:2]
        with state.commit() as change:
            state.tidy(change, set(keep))
        state.store.purge_history()
        kept = {detail.title for detail in state.ledger.details.values()}
    text = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert len(kept) == 2
    assert {f"Topic {day} end" for day in range(1, 8) if f"Topic {day} end".encode() in text} == kept


def test_many_small_pages_are_packed(tmp_path: Path) -> None:
    with State.open(tmp_path / "state", write=True, clock=clock) as state:
        for day in range(80):
            with state.commit() as change:
                state.add_page(change, state.ledger.add_mails("archive", [received("ana@example.org", days=day)]))
        with state.commit() as change:
            state.tidy(change, set())
        assert len(state.store.documents("facts")) == 1
    with State.open(tmp_path / "state", write=False, clock=clock) as state:
        assert len(state.ledger.mails) == 80
