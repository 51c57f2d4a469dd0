"""Header fields that only programs write: of mail about tickets, reviews, documents and posts, in somebody's name.

Kept are fields that each such mail of a program has, by whatever address it is sent, and that no mail program of humans
and no mail server adds to a human's mail. So not X-Auto-Response-Suppress, which Exchange puts on what people write;
not X-Mailer; nothing of those who deliver others' mail (X-SG-EID, X-Mailgun-Sid, Feedback-ID), which people's mail goes
through too; and nothing that a tracker or list adds to the mail it hands on (X-Debian-PR-Message, X-Patchwork-*).
"""

from typing import Final

BEGINNINGS: Final = (
    # Code, and its review
    "x-github-",  # docs.github.com, "Email notification headers": X-GitHub-Reason, -Sender, -Recipient
    "x-gitlab-",  # docs.gitlab.com, "Notification emails": X-GitLab-Project, -NotificationReason
    "x-gitea-",  # Gitea, services/mailer: X-Gitea-Reason, -Sender
    "x-gerrit-",  # Gerrit, com.google.gerrit.mail.MailHeader: X-Gerrit-MessageType, -Change-Id
    "x-phabricator-",  # Phabricator, PhabricatorMetaMTAMail: X-Phabricator-Sent-This-Message
    "x-reviewboard-",  # Review Board, reviewboard/notifications/email: X-ReviewBoard-URL, X-ReviewRequest-URL
    "x-reviewrequest-",
    # Tickets
    "x-jira-fingerprint",  # Jira, com.atlassian.jira.mail.Email
    "x-atlassian-mail-",  # Jira and Confluence in Atlassian's cloud: X-Atlassian-Mail-Transaction-Id
    "x-bugzilla-",  # Bugzilla, template/en/default/email: X-Bugzilla-Reason, -Who
    "x-launchpad-",  # help.launchpad.net, "Email headers": X-Launchpad-Message-Rationale
    "x-redmine-",  # Redmine, app/models/mailer.rb: X-Redmine-Host, -Issue-Id
    "x-openproject-",  # OpenProject, app/mailers: X-OpenProject-Host
    "x-trac-",  # Trac, trac/notification/mail.py: X-Trac-Project
    "x-roundup-",  # Roundup, roundup/mailer.py: X-Roundup-Name
    "x-rt-loop-prevention",  # Request Tracker, RT::Action::SendEmail
    "x-zendesk-",  # support.zendesk.com, "Using the authenticated SMTP connector": X-Zendesk-From-Account-Id
    # Posts, and messages that a network hands on
    "x-discourse-",  # Discourse, lib/email/message_builder.rb: X-Discourse-Post-Id
    "x-linkedin-",  # LinkedIn: X-LinkedIn-Class (INMAIL, MBR-TO-MBR …), X-LinkedIn-Template
    "x-facebook-",  # Facebook: X-Facebook-Notify; PostfixAdmin's vacation.pl knows it too
)
"""How the names of such fields begin, in lower case."""
STARTS: Final = frozenset(one[:5] for one in BEGINNINGS)
"""Their first five letters: a name that begins with none of these is none of them, and that is quickly seen."""


def is_of_program(name: str) -> bool:
    """Say whether only a program writes a field of this name."""
    return name.strip().lower().startswith(BEGINNINGS)
