"""Reading mail: the user, folders, messages one by one and in lists."""

import bisect
import itertools
import random
from collections.abc import Iterable, Iterator
from typing import Final, Literal

import orjson

from tests.google.answers import Json, Refusal, Reply, json
from tests.graph import filters, folders, messages
from tests.graph.answers import bad, denied, error, missing
from tests.graph.asking import Ask
from tests.graph.extended import expanded
from tests.graph.filters import Clause
from tests.graph.folders import Entry, Folder, Shelf
from tests.graph.mailbox import Mailbox
from tests.graph.messages import Message

CONTEXT: Final = "@odata.context"
USER: Final = ("id", "displayName", "givenName", "surname", "mail", "userPrincipalName", "jobTitle", "officeLocation",
               "businessPhones", "mobilePhone", "preferredLanguage")  # fmt: skip


class MailApi:
    """Endpoints that read.

    `me` are the user's properties, to be changed at will. `headers_in_lists`: whether a list answer brings
    internetMessageHeaders: True, False, or "some" (every other message). `slow_above`: pages with more messages than
    that end in 504. `refuses_folder_filter`: parentFolderId in `$filter` is refused.
    """

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.me: Json = dict.fromkeys(USER) | {
            "id": "11f0c1f4-40bb-4c0a-8f6a-2f0f5ad0a8f3",
            "displayName": "Robin Park",
            "mail": mailbox.address,
            "userPrincipalName": mailbox.address,
            "businessPhones": [],
            "proxyAddresses": [f"SMTP:{mailbox.address}"],
        }
        self.headers_in_lists: Literal[True, False, "some"] = True
        self.slow_above: int | None = None
        self.refuses_folder_filter = False
        self.rng = random.Random(3)

    def get_me(self, ask: Ask) -> Reply:
        select = ask.select({*USER, *self.me}, "user") or USER
        return json(
            {CONTEXT: f"{ask.root}/v1.0/$metadata#users/$entity"} | {name: self.me.get(name) for name in select}
        )

    # Folders.

    def folder(self, ask: Ask) -> Folder:
        """Return the folder a path names."""
        try:
            return self.mailbox.folder(ask.named["folder"])
        except KeyError:
            raise missing() from None

    def _folder(self, ask: Ask, folder: Folder) -> Json:
        select = ask.select({"id", *folders.FIELDS}, "mailFolder")
        children = sum(one.parent is folder for one in self.mailbox.folders.values())
        unread = (
            sum(not one.read for one in self.mailbox.listed(folder.id))
            if not select or "unreadItemCount" in select
            else 0
        )
        told = folders.tell(folder, children, unread)
        return {name: told[name] for name in dict.fromkeys(("id", *select))} if select else told

    def get_folder(self, ask: Ask) -> Reply:
        return json(
            {CONTEXT: f"{ask.root}/v1.0/$metadata#users('me')/mailFolders/$entity"}
            | self._folder(ask, self.folder(ask))
        )

    def list_folders(self, ask: Ask) -> Reply:
        parent = self.folder(ask) if "folder" in ask.named else self.mailbox.folder("msgfolderroot")
        several = [one for one in self.mailbox.folders.values() if one.parent is parent]
        skip, size = ask.number("$skip", 0, 0, 10**9), ask.size()
        told: Json = {"value": [self._folder(ask, one) for one in several[skip : skip + size]]}
        if skip + size < len(several):
            told["@odata.nextLink"] = ask.next_link(skip=str(skip + size))
        return json(told)

    # Messages.

    def message(self, ask: Ask) -> Message:
        """Return the message a path names."""
        found = self.mailbox.find(ask.named["message"])
        if found is None or ("folder" in ask.named and found.folder is not self.folder(ask)):
            raise missing()
        return found

    def get_message(self, ask: Ask) -> Reply:
        return self.told(ask, self.message(ask))

    def told(self, ask: Ask, message: Message, status: int = 200) -> Reply:
        """Return the answer that tells one message."""
        select, extended = self._wanted(ask)
        told = messages.tell(message, select, immutable=ask.immutable, basic=ask.basic, extended=extended)
        return json({CONTEXT: f"{ask.root}/v1.0/$metadata#users('me')/messages/$entity"} | told, status)

    def _wanted(self, ask: Ask) -> tuple[tuple[str, ...] | None, str | None]:
        select, extended = ask.select(messages.PROPERTIES, "message"), expanded(ask.params.get("$expand"))
        if ask.basic and extended is not None:
            raise denied()
        return select, extended

    def list_messages(self, ask: Ask) -> Reply:
        shelf = self.folder(ask).shelf if "folder" in ask.named else self.mailbox.shelf
        text = ask.params.get("$filter")
        clauses = filters.parse(text) if text is not None else []
        newest_first = filters.order(ask.params.get("$orderby"), clauses)
        if self.refuses_folder_filter and any(one.name == "parentFolderId" for one in clauses):
            raise bad("The property 'parentFolderId' does not support filtering.", "ErrorInvalidUrlQueryFilter")
        if ask.basic and any(one.name == filters.ANY for one in clauses):
            raise denied()
        skip, size = ask.number("$skip", 0, 0, 10**9), ask.size()
        self.mailbox.settle()
        found = list(itertools.islice(self._matching(shelf, clauses, newest_first), skip, skip + size + 1))
        link = ("@odata.nextLink", ask.next_link(skip=str(skip + size))) if len(found) > size else None
        return self.page(ask, self.tell(ask, found[:size]), [link] if link else [])

    def _matching(self, shelf: Shelf, clauses: list[Clause], newest_first: bool) -> Iterator[Message]:
        entries = shelf.entries
        named = next((one for one in clauses if one.name == "internetMessageId" and one.op == "eq"), None)
        if named is not None:
            serials = self.mailbox.named.get(named.value, ())
            here = sorted((self.mailbox.messages[one].received, one) for one in serials)
            entries = [one for one in here if _on(shelf, one)]
        low, high = filters.bounds(clauses)
        begin = 0 if low is None else bisect.bisect_left(entries, low)
        end = len(entries) if high is None else bisect.bisect_left(entries, high)
        rest = [one for one in clauses if one.name != "receivedDateTime" or one.op in {"eq", "ne"}]
        places: Iterable[int] = range(end - 1, begin - 1, -1) if newest_first else range(begin, end)
        for place in places:
            message = self.mailbox.messages[entries[place][1]]
            if all(one.holds(message) for one in rest):
                yield message

    def tell(self, ask: Ask, several: Iterable[Message]) -> list[Json]:
        """Return messages as a list answer tells them."""
        select, extended = self._wanted(ask)
        return [self.tell_one(ask, one, select, extended) for one in several]

    def tell_one(self, ask: Ask, one: Message, select: tuple[str, ...] | None, extended: str | None = None) -> Json:
        """Return one message as a list answer tells it."""
        headers = one.serial % 2 == 0 if self.headers_in_lists == "some" else self.headers_in_lists
        return messages.tell(
            one, select, immutable=ask.immutable, basic=ask.basic, headers=bool(headers), extended=extended
        )

    def page(self, ask: Ask, several: list[Json], links: Iterable[tuple[str, str]]) -> Reply:
        """Return a page, or 504 if it is too large."""
        if self.slow_above is not None and len(several) > self.slow_above:
            raise Refusal(error(504, "UnknownError", ""))
        told = {CONTEXT: f"{ask.root}/v1.0/$metadata#users('me')/messages", "value": several} | dict(links)
        return Reply(200, orjson.dumps(told))


def _on(shelf: Shelf, entry: Entry) -> bool:
    at = bisect.bisect_left(shelf.entries, entry)
    return at < len(shelf.entries) and shelf.entries[at] == entry
