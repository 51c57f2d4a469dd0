"""The config as it was understood, defaults included, for `auld config show`. Secrets are left out."""

from typing import Any

from pydantic import TypeAdapter

import connectors
from daemon.config.secrecy import masked
from daemon.settings import AccountSettings, Settings


def show(settings: Settings) -> dict[str, Any]:
    """Return the config ready for JSON: keys as in the file, in the order of the schema, secrets as ``***``."""
    whole = TypeAdapter(Settings).dump_python(settings, mode="json", by_alias=True)
    del whole["folder"]
    whole["accounts"] = [
        {key: value for key, value in written.items() if key != "options"} | _options(account)
        for written, account in zip(whole["accounts"], settings.accounts, strict=True)
    ]
    shown = masked(whole)
    assert isinstance(shown, dict)
    return shown


def _options(account: AccountSettings) -> dict[str, Any]:
    options = connectors.load(account.kind).settings.model_validate(account.options)
    whole: dict[str, Any] = options.model_dump(mode="json", by_alias=True)
    return whole
