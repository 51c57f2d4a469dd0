"""The keys of an account of kind "outlook"."""

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, ValidationInfo

from connectors.places import check_place

AUTHORITY: Final = "https://login.microsoftonline.com"
GRAPH: Final = "https://graph.microsoft.com"
PERSONAL: Final = "consumers"
PERSONAL_TENANT: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of all personal accounts, as a word and as an id."""
GROUPS: Final = frozenset({"common", "organizations", PERSONAL})
"""Tenants that are whole kinds of accounts."""

_ID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_WHERE: Final = 'it is the "Application (client) ID" on the Overview page of your app, like 00000000-0000-0000-…'
_NATIONAL: Final = {
    "login.microsoftonline.us": ("https://graph.microsoft.us", "https://dod-graph.microsoft.us"),
    "login.partner.microsoftonline.cn": ("https://microsoftgraph.chinacloudapi.cn",),
    "login.chinacloudapi.cn": ("https://microsoftgraph.chinacloudapi.cn",),
}


def _as_client(value: str) -> str:
    told = value.strip().lower()
    if _ID.fullmatch(told):
        return told
    if "~" in told:
        raise ValueError(f"looks like a client secret, which auld needs none of: delete it, and write the id; {_WHERE}")
    raise ValueError(f"is no client id; {_WHERE}")


def _as_tenant(value: str) -> str:
    told = value.strip().lower()
    if told in GROUPS or _ID.fullmatch(told) or _DOMAIN.fullmatch(told):
        return told
    raise ValueError(
        'is no tenant; write "common", "organizations", "consumers", or your organisation\'s id or domain, like '
        '"example.com"'
    )


def _as_authority(value: str) -> str:
    told = check_place(value.strip()).rstrip("/") if value.strip() else ""
    parts = urlsplit(told)
    if told and parts.scheme != "https":
        raise ValueError(f'"{told}" is not encrypted; write https://')
    if parts.path:
        raise ValueError(f'"{told}" is more than a host; write "https://{parts.netloc}", and what follows as tenant')
    return told


def _as_api(value: str, info: ValidationInfo) -> str:
    told = check_place(value.strip()).rstrip("/") if value.strip() else ""
    if told.endswith(("/v1.0", "/beta")):
        raise ValueError(f'"{told}" names the version too; write "{told.rpartition("/")[0]}"')
    cloud = urlsplit(str(info.data.get("authority", ""))).hostname or ""
    if not told and cloud in _NATIONAL:
        raise ValueError(f'api_url is needed with the authority {cloud}; write "{_NATIONAL[cloud][0]}"')
    # One cloud takes no sign-in of another: each time it would be said that a new one is needed.
    if told == GRAPH and cloud in _NATIONAL:
        raise ValueError(f'"{told}" takes no sign-in of the authority {cloud}; write "{_NATIONAL[cloud][0]}"')
    takes = [one for one, apis in _NATIONAL.items() if told in apis]
    if takes and cloud not in takes and "authority" in info.data:
        raise ValueError(f'"{told}" takes only sign-ins of its own cloud; write authority = "https://{takes[0]}" too')
    return told


class OutlookSettings(BaseModel):
    """How an account at Microsoft is reached: Outlook.com, Microsoft 365, Exchange Online."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: Annotated[
        str,
        AfterValidator(_as_client),
        Field(description="The id of your app, from the Microsoft Entra admin center. It is no secret."),
    ]
    tenant: Annotated[
        str,
        AfterValidator(_as_tenant),
        Field(
            description='Who may sign in: "common", "organizations", "consumers", or an organisation\'s id or domain.'
        ),
    ] = "common"
    authority: Annotated[
        str, AfterValidator(_as_authority), Field(description="Another host to sign in at: a national cloud's.")
    ] = ""
    api_url: Annotated[
        str,
        AfterValidator(_as_api),
        Field(description="Another host of Microsoft Graph: a national cloud's.", validate_default=True),
    ] = ""
    calendar: Annotated[StrictBool, Field(description="Whether to read your calendars too.")] = True
    drafts: Annotated[StrictBool, Field(description="Whether this account takes drafts.")] = True

    @property
    def signs_in_at(self) -> str:
        """The host to sign in at, as an address without a path."""
        return self.authority or AUTHORITY

    @property
    def api(self) -> str:
        """The address of Microsoft Graph, before the version."""
        return self.api_url or GRAPH
