"""Programs that write in people's names, addresses made for one mail, and roles with and without a human behind."""

from typing import Final

from tests.quality.post import mailbox
from tests.quality.truth import DAY
from tests.quality.world import World

_TOOLS: Final = (
    ("{who}", "notifications@github.example", (
        "Reply-To: robin/{project} <reply+{token}@reply.github.example>",
        "List-ID: robin/{project} <{project}.robin.github.example>",
        "List-Post: <mailto:reply+{token}@reply.github.example>",
        "Precedence: list",
        "X-GitHub-Sender: someone",
        "X-GitHub-Reason: mention",
        "List-Unsubscribe: <mailto:unsub+{token}@reply.github.example>",
    )),
    ("{who}", "gitlab@{project}.example", (
        "Reply-To: GitLab <incoming+{token}@{project}.example>",
        "X-GitLab-Project: {project}",
        "X-GitLab-NotificationReason: mentioned",
        "List-Id: <12.{project}.example>",
        "Auto-Submitted: auto-generated",
    )),
    ("{who} (Jira)", "jira@{project}.example", (
        "Precedence: bulk",
        "Auto-Submitted: auto-generated",
        "X-JIRA-FingerPrint: 5f00",
    )),
    ("{who}", "bugzilla-daemon@{project}.example", (
        "X-Bugzilla-Reason: CC",
        "X-Bugzilla-Type: changed",
        "X-Bugzilla-Who: someone",
        "Auto-Submitted: auto-generated",
    )),
    ("{who} (Gerrit)", "gerrit@{project}.example", (
        "X-Gerrit-MessageType: comment",
        "X-Gerrit-Change-Id: I0123456789",
        "Precedence: bulk",
        "List-Id: <gerrit-{project}.{project}.example>",
        "List-Unsubscribe: <https://{project}.example/settings>",
    )),
    ("{who} (Google Docs)", "comments-noreply@docs.example", (
        "Reply-To: {quoted} <d+MTA{token}-abc@docs.example>",
        "X-Notifications: discussions",
    )),
    ("{who} via LinkedIn", "messages-noreply@linkedin.example", (
        "X-LinkedIn-Template: email_message",
        "X-LinkedIn-Class: EMAIL-MEMBER",
    )),
    ("{who}", "invitations@{project}.example", (
        "X-LinkedIn-Class: INVITE-MBR",
        "List-Unsubscribe: <https://example.com/u>",
        "Precedence: bulk",
    )),
)  # fmt: skip
"""How tools write: the name, the address, and the headers they are known by."""


def tool(w: World, count: int = 0) -> None:
    """Notifications of a tool in the names of friends and strangers, with the headers such tools write."""
    dice = w.dice
    project = f"project{dice.randrange(10**4)}"
    name, email, lines = dice.choice(_TOOLS)
    account = dice.choice(("home", "work"))
    colleagues = [one.usual.text for one in w.some(min(len(w.friends), 6))] + [w.names.name().full]
    for _ in range(count or dice.randrange(3, 10)):
        who = dice.choice(colleagues)
        quoted = mailbox(who, "x").rpartition(" <")[0]
        told = {"who": who, "quoted": quoted, "project": project, "token": f"{dice.getrandbits(96):024x}"}
        head = "".join(line.format(**told) + "\n" for line in lines)
        w.robot("tool", name.format(**told), email.format(**told), w.past(), account=account, head=head)


def no_reply(w: World) -> None:
    """Addresses that say themselves that nobody reads them, without any header that says so; I even wrote to some."""
    dice = w.dice
    number = dice.randrange(10**5)
    local = dice.choice((
        "noreply", "no-reply", "No-Reply", "donotreply", "do-not-reply", "orders.noreply", "notifications",
        "notification-tickets", "bounce", f"bounces+{number}-robin=example.com", "mailer-daemon", "postmaster",
        "shop-no-reply", f"reply+{dice.getrandbits(80):020x}",
    ))  # fmt: skip
    email = f"{local}@station{number}.example"
    name = dice.choice(("", "Station", w.names.name().full))
    for _ in range(4):
        w.robot("robot", name, email, w.past())
    if dice.random() < 0.5:
        for _ in range(3):
            w.wrote([w.friend()], w.past(), extra=email)


def shared_sender(w: World) -> None:
    """One address that writes in the names of many, without a header that says so; I answered it once."""
    _ticket_system(w, answers=1)


def answered_shared_sender(w: World) -> None:
    """One address that writes in the names of many, which I answered on several days, because the answers go there."""
    _ticket_system(w, answers=4)


def _ticket_system(w: World, answers: int) -> None:
    email = f"tracker{w.dice.randrange(10**5)}@desk.example"
    names = [one.usual.text for one in w.some(6)] + [w.names.name().full for _ in range(4)]
    for name in (*names, *names):
        w.robot("shared sender", name, email, w.past())
    for _ in range(answers):
        w.wrote([], w.past(), extra=email, account="home")


def unmanned_role(w: World) -> None:
    """A role address without a human name; one mail each way is too little to make somebody of it."""
    number = w.dice.randrange(10**5)
    role = w.dice.choice(("info", "sales", "support", "jobs", "billing", "office", "contact"))
    name = w.dice.choice(("", f"Quarry {role.title()}", "Quarry GmbH"))
    email = f"{role}@quarry{number}.example"
    at = w.past()
    w.truth.robot("role", [email])
    w.wrote([], at, extra=email, account="home")
    for days in (1, 20, 40):
        if at + days * DAY < w.ago(1):
            w.robot("role", name, email, at + days * DAY, account="home")


def human_role(w: World) -> None:
    """A role address whose owner writes under a name of their own."""
    name = w.names.name()
    role = w.dice.choice(("info", "hello", "contact", "office"))
    person = w.person("human role", name)
    w.befriend(w.address(person, name, email=f"{role}@atelier{w.dice.randrange(10**5)}.example"))


def manned_role(w: World) -> None:
    """A role address without a human name, with which I exchanged two mails each way and more."""
    name = w.names.name()
    person = w.person("manned role", name)
    one = w.address(person, name, "none", email=f"office@praxis{w.dice.randrange(10**5)}.example", account="home")
    person.given.add("")
    at = w.past(50, 900)
    for turn in range(w.dice.choice((2, 3))):
        w.wrote([one], at - turn * 9 * DAY)
        w.got(one, at - turn * 9 * DAY - DAY)


def reply_token(w: World) -> None:
    """An address made for one mail, to which I answered, with a friend on Cc: the answer counts for the friend only."""
    one = w.friend()
    email = f"reply+{w.dice.getrandbits(80):020x}@reply.github.example"
    w.truth.robot("robot", [email])
    w.wrote([one], w.past(), extra=email)
