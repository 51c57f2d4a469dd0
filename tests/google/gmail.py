"""The endpoints of the Gmail API that tell what is there."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from tests.google.answers import Json, bad, forbidden, missing
from tests.google.asking import Ask, Handler, hexadecimal, told, unknown
from tests.google.drafts import Drafts
from tests.google.index import HIDDEN, Key
from tests.google.mailbox import Mailbox
from tests.google.tokens import seal


class GmailApi:
    """Answers by method id."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.handlers: dict[str, Handler] = {
            "getProfile": self._profile,
            "messages.list": self._messages,
            "messages.get": self._message,
            "threads.list": self._threads,
            "threads.get": self._thread,
            "history.list": self._history,
            "labels.list": self._labels,
            **Drafts(mailbox).handlers,
        }

    def answer(self, method: str, ask: Ask) -> Json | None:
        """Return the resource, None for an answer without content."""
        if ask.params["userId"] not in {"me", self.mailbox.address}:
            raise forbidden(f"Delegation denied for {self.mailbox.address}")
        handler = self.handlers.get(method.removeprefix("gmail.users."))
        if handler is None:
            raise unknown(method)
        return handler(ask)

    def _profile(self, _ask: Ask) -> Json:
        box = self.mailbox
        return {
            "emailAddress": box.address,
            "messagesTotal": len(box.messages),
            "threadsTotal": len(box.index.threads),
            "historyId": str(box.history.now),
        }

    def _labels(self, _ask: Ask) -> Json:
        kinds = {True: "system", False: "user"}
        own = self.mailbox.labels
        return {"labels": [{"id": one, "name": one, "type": kinds[one.isupper()]} for one in sorted(own)]}

    # Lists.

    def _listing(self, ask: Ask, kind: str) -> tuple[Iterator[Key], int, int]:
        """Return what a list holds from its page token on, newest first; its size; and what its tokens are bound to."""
        ask.refuse_search()
        index, messages = self.mailbox.index, self.mailbox.messages
        labels = set(ask.params.get("labelIds", ()))
        for label in labels - self.mailbox.labels:
            raise bad(f"Invalid label: {label}")
        hidden = frozenset() if ask.params.get("includeSpamTrash") else HIDDEN - labels
        bound = ask.bound("labelIds", "includeSpamTrash")
        page = ask.page(kind, bound)
        fewest = min(labels, key=index.size, default=None)
        found = (
            key
            for key in index.newest(fewest, None if page is None else (page[0], page[1]))
            if labels <= (has := messages[key[1]].labels) and hidden.isdisjoint(has)
        )
        return found, index.size(fewest), bound

    def _messages(self, ask: Ask) -> Json:
        found, size, bound = self._listing(ask, "messages")
        wanted = ask.params.get("maxResults", 100)
        keys = list(islice(found, wanted + 1))
        answer: Json = {"resultSizeEstimate": size if len(keys) > wanted else len(keys)}
        if keys:
            answer["messages"] = [self.mailbox.messages[name].short() for _, name in keys[:wanted]]
        if len(keys) > wanted:
            answer["nextPageToken"] = seal("messages", bound, *keys[wanted - 1])
        return answer

    def _threads(self, ask: Ask) -> Json:
        found, size, bound = self._listing(ask, "threads")
        wanted, index = ask.params.get("maxResults", 100), self.mailbox.index
        labels = set(ask.params.get("labelIds", ()))
        hidden = frozenset() if ask.params.get("includeSpamTrash") else HIDDEN - labels

        def newest(key: Key) -> bool:
            thread = index.threads[self.mailbox.messages[key[1]].thread]
            later = [self.mailbox.messages[name].labels for at, name in thread if (at, name) > key]
            return not any(labels <= has and hidden.isdisjoint(has) for has in later)

        keys = list(islice(filter(newest, found), wanted + 1))
        several = [self.mailbox.messages[name] for _, name in keys[:wanted]]
        answer: Json = {"resultSizeEstimate": size}
        if several:
            answer["threads"] = [{"id": one.thread, "historyId": str(one.history)} for one in several]
        if len(keys) > wanted:
            answer["nextPageToken"] = seal("threads", bound, *keys[wanted - 1])
        return answer

    def _history(self, ask: Ask) -> Json:
        history, params = self.mailbox.history, ask.params
        start, wanted, label = params["startHistoryId"], params.get("maxResults", 100), params.get("labelId")
        if not history.floor <= start <= history.now:
            raise missing()
        if label is not None and label not in self.mailbox.labels:
            raise bad(f"Invalid label: {label}")
        bound = ask.bound("startHistoryId", "historyTypes", "labelId")
        page = ask.page("history", bound)
        found: list[tuple[int, Json]] = []
        for record in history.after(start if page is None else page[0]):
            message = self.mailbox.messages.get(record.message)
            labels: Any = message.labels if message and self.mailbox.history_labels == "now" else record.labels
            if record.kind in params.get("historyTypes", [record.kind]) and (label is None or label in labels):
                found.append((record.id, record.told(labels)))
                if len(found) > wanted:
                    break
        answer: Json = {"historyId": str(history.now)}
        if found:
            answer["history"] = [one for _, one in found[:wanted]]
        if len(found) > wanted:
            answer["nextPageToken"] = seal("history", bound, found[wanted - 1][0])
        return answer

    # Messages.

    def _message(self, ask: Ask) -> Json:
        form, name = ask.form(), hexadecimal(ask.params["id"])
        if name not in self.mailbox.messages:
            raise missing()
        return told(self.mailbox, name, form, ask)

    def _thread(self, ask: Ask) -> Json:
        form, name = ask.form(), hexadecimal(ask.params["id"])
        keys = self.mailbox.index.threads.get(name)
        if keys is None:
            raise missing()
        several = [told(self.mailbox, one, form, ask) for _, one in keys]
        newest = max(int(one["historyId"]) for one in several)
        return {"id": name, "historyId": str(newest), "messages": several}
