"""Writes the text of a draft: facts in, subject and body out.

Pure: reads nothing but the wordings and word lists that lie beside it, and never decides who is written to or when.

`facts` lists all that a draft may say, `wording` holds what can be said, `draft` chooses and joins. `names` and
`greeting` decide how a person is addressed, `subject` what a subject line or meeting title is good for, `thread`
whether the old thread is answered, `key` how the draft is found again.
"""

from daemon.compose.draft import Composed, compose, example, preview
from daemon.compose.facts import Facts, Silence, gather, shared_city, silence, untold, year_wished
from daemon.compose.key import TOKEN_BYTES, new_key
from daemon.compose.phrasebook import BUILT_IN, Phrasebook
from daemon.compose.thread import LastThread, Reply, reply_target
from daemon.compose.wording import BrokenTemplate

__all__ = [
    "BUILT_IN",
    "TOKEN_BYTES",
    "BrokenTemplate",
    "Composed",
    "Facts",
    "LastThread",
    "Phrasebook",
    "Reply",
    "Silence",
    "compose",
    "example",
    "gather",
    "new_key",
    "preview",
    "reply_target",
    "shared_city",
    "silence",
    "untold",
    "year_wished",
]
