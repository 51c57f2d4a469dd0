"""The keys of an account of kind "files"."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, model_validator


def _as_paths(value: object) -> tuple[str, ...]:
    one_or_more = [value] if isinstance(value, str) else value
    if not isinstance(one_or_more, list | tuple):
        raise ValueError('write a path in quotes, or a list of paths: ["~/Mail/Sent"]')  # noqa: TRY004 -- pydantic's way
    for path in one_or_more:
        if not isinstance(path, str) or not path.strip() or "\0" in path:
            raise ValueError(f'{path!r} is no path; write it in quotes, like "~/Mail/Sent"')
    return tuple(one_or_more)


Paths = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_paths),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class FilesSettings(BaseModel):
    """Where mail and calendar lie on this disk. Relative paths start at the config file; ``~`` is the home folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sent: Paths = ()
    received: Paths = ()
    mail: Paths = ()
    calendar: Paths = ()
    drafts: str = ""

    @model_validator(mode="after")
    def _read_something(self) -> "FilesSettings":
        if not (self.sent or self.received or self.mail or self.calendar):
            raise ValueError("says nothing to read: give at least one of sent, received, mail, calendar")
        if "\0" in self.drafts:
            raise ValueError("drafts is no path")
        return self
