"""The keys of an account of kind "gmail"."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from connectors.places import check_place


def _as_path(value: str) -> str:
    if not value.strip() or "\0" in value:
        raise ValueError('is no path; write it in quotes, like "client_secret.json"')
    if value.strip().startswith(("GOCSPX-", "{")):
        raise ValueError("is the secret itself; name the file that the Google Cloud console gave you")
    return value.strip()


def _as_address(value: str) -> str:
    return check_place(value.strip()).rstrip("/") if value.strip() else ""


class GmailSettings(BaseModel):
    """How an account at Google is reached. A relative path starts at the config file; ``~`` is the home folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_secret: Annotated[
        str,
        AfterValidator(_as_path),
        Field(description="The file of your OAuth client, from the Google Cloud console."),
    ]
    calendar: Annotated[StrictBool, Field(description="Whether to read your calendars too.")] = True
    drafts: Annotated[StrictBool, Field(description="Whether this account takes drafts.")] = True
    api_url: Annotated[
        str, AfterValidator(_as_address), Field(description="Another host for the APIs of Gmail and Calendar.")
    ] = ""
