"""The state as each released version wrote it, kept as files, and what a later version must still read there.

A folder is named after the version. `config.toml` goes with it, `state/` is what lay in the state folder (less lock and
secrets), `expected.json` is what the version that wrote it told. None is ever changed: `python -m tests.upgrades.make
VERSION` makes the one of a new version, whenever `daemon.store.schema.SCHEMA` was raised.
"""
