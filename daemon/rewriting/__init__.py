"""Has a language model rewrite a draft's text in the user's style, if the config names one.

`brief` is what of a draft a model gets to see, `prompt` the request, `place` and `client` the way to the server and
back, `answer` what it holds, `verdict` and `speech` whether that may stand in a draft, by what `tongue` and
`vocabulary` know of a language. All but `client` and `rewrite` is pure. A doubt anywhere, and the template's text
stays: there is always a draft.
"""

from daemon.rewriting.brief import Brief, brief_of, retold
from daemon.rewriting.place import check_url
from daemon.rewriting.rewrite import SECONDS, Kept, Rewritten, exchange, rewrite, unreachable
from daemon.rewriting.verdict import Fault, judge

__all__ = [
    "SECONDS",
    "Brief",
    "Fault",
    "Kept",
    "Rewritten",
    "brief_of",
    "check_url",
    "exchange",
    "judge",
    "retold",
    "rewrite",
    "unreachable",
]
