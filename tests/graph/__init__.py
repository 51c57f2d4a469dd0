"""A strict fake of Microsoft Graph at the wire, mail and calendar, and of Microsoft's sign-in before it.

    with Graph() as graph:
        graph.mailbox.deliver("Ana Lima <ana@example.com>", ["robin@example.com"], subject="Tea")
        client = Client(graph)  # a session that is signed in
        client.get("/me/messages", select="subject", top=5)

`Graph(start=, address=, latency=, linger=, plan=, clock=, port=)`: `latency` is what an HTTP request takes of the
virtual clock, `linger` what it takes of real time (0: nothing ever sleeps), `plan` the plan of faults.

- `url`: "http://127.0.0.1:PORT", the API below `/v1.0`. `authority`: "https://localhost:PORT", the sign-in below
  `/{tenant}`, and the API too; its certificate is of the authority in the file `ca` (REQUESTS_CA_BUNDLE, or `verify`).
  msal: `authority=f"{graph.authority}/common", instance_discovery=False`; `client.app` makes it so.
- `clock`: `tick()`, `now()`, `wait(seconds)`. Give `clock.wait` and `clock.tick` to what would sleep.
- `login`: `client_id`, `tenant`, `account` = "work" | "personal". The user answers `grant_all()`, `grant(*scopes)`,
  `deny()`, `needs_admin()`; `enter(user_code, allow=)` for a device code, or `device_polls` = after how many polls by
  themselves. `sign_in(scopes)` gives tokens without a browser; `expire_access()`, `revoke_all()`; `grants`, `devices`;
  `lifetime`, `refresh_lifetime`, `rotation` = "kept" | "at once", `slow_down`, `long_scopes`. Errors with a `suberror`
  come by the plan: `once(faults.signin("invalid_grant", "bad_token"), method="oauth.token")`.
- `mailbox`: `deliver`, `add_folder`, `move`, `delete`, `write_draft`, `edit_draft`, `send_draft`, `delete_draft`,
  `get`, `find`, `listed(folder)`, `drafts`, `folder(name)`. Ids there are immutable ones. `deletes` = "deleteditems" |
  "gone", `sending` = `lag`, `keeps_id`, `keeps_message_id`; `moved_reason` = "deleted" | "changed".
- `mail`: `me` (the user's properties), `headers_in_lists` = True | False | "some", `slow_above`,
  `refuses_folder_filter`.
- `delta`: `expire(status, code)`, `shuffle`, `repeats`, `short_pages`, `empty_end`, `late_changes`, `lifetime`.
- `writing`: `reply_extended` = "taken" | "ignored" | "refused", `keeps_message_ids`, `honours_if_match`.
- `calendars`: `add`, `put`, `put_series`, `change`, `cancel`, `drop`, `default`; `agenda.page_limit`.
- `throttle`: `limit`, `at_once`, `patience`, `batch_queues`, `mixed_batches`; `calls` (by method), `refused`, `most`.
- `batch_order` = "asked" | "reversed" | "shuffled".
- `plan`: a callable `(Call) -> Fault | None`, from `faults`: `once(...)`, `always(...)`, `random_plan(seed, rate)`.
- `log`: every `Call`, in order, by the names in `routes` ("me.messages.list", "batch", "oauth.token", "" for a path
  that nothing has); `sends`: those that could have sent something, even if they were refused; `faults`: those that a
  fault happened to; `requests`: how many HTTP requests there were; `release()` lets go of what hangs.
- `plenty.fill(graph, sent, received)` fills a mailbox for figures; `python -m tests.graph` serves one as a process.

What Graph documents as refused is refused: properties and parameters it does not know, `$top` on delta, `$orderby` that
does not lead `$filter`, views longer than 1,825 days, a token without the scope, comment beside body, an If-Match that
does not hold. What the fake lacks (`or`, searching, MIME, attachments, most of what writes) answers 501, never
something made up. Moments are finer inside than they are told, as at Exchange: `receivedDateTime gt` the second told
finds the message again, `eq` does not find it.

Where Graph's documentation and what people report differ, or where neither says, there is a switch.
"""

from tests.google.calls import Call
from tests.google.clock import START, Clock
from tests.google.faults import Fault
from tests.graph.server import Graph

__all__ = ["START", "Call", "Clock", "Fault", "Graph"]
