"""What a server's answer holds: the paragraphs that a model gave. Pure.

Takes nothing for granted: a server can send anything, and models put their JSON into fences or think aloud before it.
"""

from typing import Any, Final

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from daemon.rewriting.verdict import Fault

_BROKEN: Final = Fault('the answer is no JSON object of the form {"paragraphs": ["…"]}')
_THOUGHT: Final = ("<think>", "</think>")
_FENCE: Final = "```"


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class _Paragraphs(_Strict):
    paragraphs: list[str]


class _Message(BaseModel):
    model_config = ConfigDict(strict=True)

    content: str
    tool_calls: list[Any] | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    """https://platform.openai.com/docs/api-reference/chat/object, as far as it is needed."""

    choices: list[_Choice]


def read(body: bytes) -> tuple[str, ...] | Fault:
    """Return the paragraphs that are in a server's answer, or why there are none."""
    try:
        choices = _Completion.model_validate(orjson.loads(body)).choices
    except (ValueError, ValidationError, RecursionError):
        return Fault("the server did not answer as a model's server does")
    if not choices:
        return Fault("the server's answer has no text")
    message = choices[0].message
    if message.tool_calls or message.refusal:
        return Fault("the model wants to do something else than to write")
    text = _unfenced(_without_thought(message.content.strip()))
    try:
        return tuple(_Paragraphs.model_validate(orjson.loads(text)).paragraphs)
    except (ValueError, ValidationError, RecursionError):
        return _BROKEN


def _without_thought(text: str) -> str:
    """Return a text without what some models think aloud before it."""
    begins, ends = _THOUGHT
    thought, end, rest = text.partition(ends)
    return rest.strip() if end and thought.startswith(begins) else text


def _unfenced(text: str) -> str:
    """Return what stands within a fence of Markdown, or the text if there is none."""
    if text.startswith(_FENCE) and text.endswith(_FENCE) and len(text) >= 2 * len(_FENCE):
        return text[len(_FENCE) : -len(_FENCE)].removeprefix("json").strip()
    return text
