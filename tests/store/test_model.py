"""Whatever is done to a store, in any order: it holds what a plain dict would hold."""

import shutil
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from daemon.store import StateError, Store
from tests.store.stand import Clock, Disk, Killed, on_disk, reader, writer

TABLES = ("pages", "notes", "drafts")
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(st.text(max_size=5), VALUES, max_size=3)
EDITS = st.lists(
    st.tuples(st.sampled_from(("insert", "replace", "remove")), st.sampled_from(TABLES), st.integers(0, 9), DOCUMENTS),
    max_size=5,
)
Model = dict[str, dict[int, dict[str, Any]]]


class Machine(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.folder = Path(mkdtemp(prefix="store-"))
        self.clock = Clock()
        self.model: Model = {table: {} for table in TABLES}
        self.last_ids = dict.fromkeys(TABLES, 0)
        self.store = writer(self.folder, self.clock)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.folder)

    def act(self, edits: list[tuple[str, str, int, dict[str, Any]]], *, bulk: bool, fail: bool = False) -> None:
        """Commit, and do the same to the model if the commit returns."""
        model, last_ids = deepcopy(self.model), dict(self.last_ids)
        self.wanted = model
        with self.store.commit(bulk=bulk) as change:
            for kind, table, pick, document in edits:
                ids = sorted(model[table])
                if kind == "insert":
                    last_ids[table] += 1
                    assert change.insert(table, document) == last_ids[table]
                    model[table][last_ids[table]] = document
                elif ids and kind == "replace":
                    number = ids[pick % len(ids)]
                    change.replace(table, number, document)
                    model[table][number] = document
                elif ids:
                    number = ids[pick % len(ids)]
                    change.remove(table, [number])
                    del model[table][number]
            if fail:
                raise ZeroDivisionError
        self.model, self.last_ids = model, last_ids

    @rule(edits=EDITS, bulk=st.booleans())
    def commit(self, edits: list[tuple[str, str, int, dict[str, Any]]], *, bulk: bool) -> None:
        self.act(edits, bulk=bulk)

    @rule(edits=EDITS, bulk=st.booleans())
    def commit_and_think_better_of_it(self, edits: list[tuple[str, str, int, dict[str, Any]]], *, bulk: bool) -> None:
        with suppress(ZeroDivisionError):
            self.act(edits, bulk=bulk, fail=True)

    @rule(edits=EDITS, bulk=st.booleans(), call=st.integers(0, 25), power_cut=st.booleans())
    def be_killed(
        self, edits: list[tuple[str, str, int, dict[str, Any]]], call: int, *, bulk: bool, power_cut: bool
    ) -> None:
        with on_disk(Disk(call, power_cut=power_cut)):
            try:
                self.act(edits, bulk=bulk)
                self.store.close()
            except Killed:
                if self.store._lock is not None:
                    self.store._lock.release()
        self.store = writer(self.folder, self.clock)
        if self.held(self.store) == self.wanted and self.wanted != self.model:
            self.model = self.wanted
        self.last_ids = {table: self.store._tables.last_ids().get(table, 0) for table in TABLES}

    @rule(edits=EDITS, bulk=st.booleans(), call=st.integers(0, 15), lasting=st.booleans())
    def have_no_room(
        self, edits: list[tuple[str, str, int, dict[str, Any]]], call: int, *, bulk: bool, lasting: bool
    ) -> None:
        with on_disk(Disk(call, error=28, lasting=lasting)):
            try:
                self.act(edits, bulk=bulk)
            except StateError:
                assert self.held(self.store) == self.model
        if not self.store._sound:
            self.store.close()
            self.store = writer(self.folder, self.clock)
            if self.held(self.store) == self.wanted:
                self.model = self.wanted
            self.last_ids = {table: self.store._tables.last_ids().get(table, 0) for table in TABLES}

    @rule()
    def close_and_open(self) -> None:
        self.store.close()
        self.store = writer(self.folder, self.clock)

    @rule()
    def purge(self) -> None:
        self.store.purge_history()

    @rule(seconds=st.sampled_from((1, 30, 61, -5)))
    def wait(self, seconds: int) -> None:
        self.clock.forward(seconds)

    @invariant()
    def memory_and_disk_hold_what_the_model_holds(self) -> None:
        if hasattr(self, "store"):
            assert self.held(self.store) == self.model
            read = reader(self.folder, self.clock)
            assert self.held(read) == self.model
            assert read.generation == self.store.generation
            assert read.notices == ()

    @staticmethod
    def held(store: Store) -> Model:
        return {table: {number: dict(one) for number, one in store.documents(table)} for table in TABLES}


TestModel = Machine.TestCase
TestModel.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
