"""A strict fake of Google at the wire: Gmail, Calendar, their batches, and the authorization server.

    with Google() as google:
        google.mailbox.deliver(b"From: ...")
        client = service(google)  # the real client library, signed in

`Google(start=, address=, latency=, costs=, limit=, window=, offset=, plan=)`: `latency` is what an HTTP request takes
of the virtual clock, `plan` the plan of faults; the rest goes to `clock`, `mailbox` and `quota`. Nothing ever sleeps.

- `url`: "http://127.0.0.1:PORT", with `/gmail/v1/...`, `/calendar/v3/...`, `/batch/gmail/v1`, `/batch/calendar/v3`,
  `/o/oauth2/v2/auth`, `/token`, `/revoke`. The client's `api_endpoint` is `url + "/"` for Gmail and
  `url + "/calendar/v3/"` for Calendar: `client.service`, `client.batch` and `client.credentials` know.
- `clock`: `tick()`, `now()`, `wait(seconds)`. Give `clock.wait` and `clock.tick` to what would sleep.
- `mailbox`: `deliver`, `bulk`, `delete`, `trash`, `relabel`, `expire_history`; `write_draft`, `edit_draft`,
  `send_draft`, `delete_draft`, `draft`; `messages`, `drafts` (draft id -> message id), `history.now`;
  `headers` = "decoded" | "raw", `history_labels` = "then" | "now".
- `calendars`: `add`, `share`, `forget`; `put`, `fill`, `change`, `cancel`, `drop`; `expire_sync`; `page_limit`,
  `empty_every`, `fresh_tokens`. The user's own calendar is there from the start.
- `quota`: `units` (Gmail's), `calls` (by method id) and `refused` count; `costs`, `limit`, `window`, `offset` and
  `calendar_limit` hold after `reset()`; `status`, `retry_after` and `parts` at once.
- `oauth`: `grant_all()`, `deny()`, `grant(*scopes)`, `revoke_all()`, `expire_access()`, `sign_in(scopes)`,
  `client_file(folder)`; `lifetime`, `refresh_lifetime`, `rotation`.
- `plan`: a callable `(Call) -> Fault | None`, from `faults`: `once(...)`, `always(...)`, `random_plan(seed, rate)`.
- `log`: every `Call`, in order; `sends`: those that could have sent something, even if they were refused; `faults`:
  those that a fault happened to; `requests`: how many HTTP requests there were; `release()` lets go of what hangs.

What Google documents as refused is refused: parameters, enum values and fields the discovery documents do not know,
formats and searches under gmail.metadata, tokens without the scope, unknown history, sync tokens with a time window.
What the fake lacks (searching, uploads, most of what writes) answers 501, never something made up.
"""

from tests.google.calls import Call
from tests.google.clock import START, Clock
from tests.google.faults import Fault
from tests.google.server import Google

__all__ = ["START", "Call", "Clock", "Fault", "Google"]
