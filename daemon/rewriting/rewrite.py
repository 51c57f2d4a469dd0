"""A draft's text in the user's own style, if a model gives one that holds all rules; else the template's stays."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from daemon.rewriting import answer, prompt
from daemon.rewriting.brief import Brief, typeset
from daemon.rewriting.verdict import Fault, judge
from daemon.settings import Model

SECONDS: Final = 60.0
"""The time for all that a rewriting takes, the second try and the key included."""
_TRIES: Final = 2
_LOOK: Final = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What stands between greeting and sign-off now: see `retold`."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The template's text stays. `reason` is a sentence for the user, and holds nothing of what came from outside.

    `unanswered`: there was no answer, so that asking for another text is likely to be as vain.
    """

    reason: str
    unanswered: bool = False


def rewrite(
    brief: Brief, model: Model, examples: str = "", *, seconds: float = SECONDS, tick: Callable[[], float] = monotonic
) -> Rewritten | Kept:
    """Ask a model for another text; return it if it holds all rules, else why it does not.

    `examples` are mails of the user's (the text of the file `writing.examples`), "" for none. `tick` are seconds that
    pass. Whatever the server does, nothing is raised and an answer is there within `seconds`.
    """
    from daemon.rewriting import client  # noqa: PLC0415 -- loads requests, which a draft needs only with a model

    if not brief.fit:
        return Kept("the text holds signs that a model could take for commands, or nothing to rewrite")
    until, fault = tick() + seconds, Fault("")
    try:
        key = client.read_key(model.key_command, min(client.KEY_WITHIN, seconds))
        for _ in range(_TRIES):
            body = prompt.document(brief, model.model, examples, str(fault))
            told = answer.read(client.ask(model.url, body, key, until - tick(), tick))
            if not isinstance(told, Fault):
                paragraphs = tuple(re.sub(r"[ \n]+", " ", text).strip() for text in told)
                wrong = judge(brief, paragraphs)
                if wrong is None:
                    return Rewritten(typeset(brief, paragraphs))
                told = wrong
            fault = told
    except client.NoAnswer as err:
        return Kept(str(err), unanswered=True)
    return Kept(f"the model's text is not used: {fault.reason}")


def unreachable(model: Model, *, seconds: float = _LOOK, tick: Callable[[], float] = monotonic) -> str:
    """Return why the model's server does not answer, as a sentence; "" if it does. Nothing is sent to it."""
    from daemon.rewriting import client  # noqa: PLC0415 -- as above

    try:
        client.reach(model.url, seconds, tick)
    except client.NoAnswer as err:
        return str(err)
    return ""


def exchange(brief: Brief, model: Model, examples: str = "") -> str:
    """Return the JSON document that leaves this machine with the first try, byte for byte in UTF-8; "" if none does."""
    return prompt.document(brief, model.model, examples).decode() if brief.fit else ""
