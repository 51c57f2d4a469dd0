"""Providers of facts, one folder a kind. Imports nothing of ``daemon``.

A provider's SDK is imported only when an account of its kind is opened, so that `auld --help` stays fast.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from connectors.base import Connector


def kinds() -> list[str]:
    """Return the kinds there are: the names of the folders beside this file that have settings."""
    here = Path(__file__).parent
    return sorted(folder.parent.name for folder in here.glob("*/settings.py"))


def load(kind: str) -> Connector[Any]:
    """Return the connector of `kind`.

    Raises:
        KeyError: there is no such kind.
    """
    if kind not in kinds():
        raise KeyError(kind)
    connector = import_module(f"connectors.{kind}").connector
    assert isinstance(connector, Connector)
    return connector
