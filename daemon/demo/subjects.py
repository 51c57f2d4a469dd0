"""What the people of the sample mailbox write about: subjects that read well as a topic, and short harmless bodies."""

from collections.abc import Mapping
from typing import Final

POOLS: Final[Mapping[str, tuple[str, ...]]] = {
    "mentor": (
        "Slides for the guild evening", "The reading list you promised", "Your notes on hiring",
        "A question about planning",
               "The Lisbon offsite", "Your book on estimation", "How the review went", "The conference in Ghent",
        "Lessons from the migration", "The panel on testing", "Thoughts on the new role",
    ),
    "client": (
        "The dashboard mock-ups", "Kick-off in Hamburg", "Your feedback on the pilot", "The quarterly numbers",
        "Scope of phase two", "The training day", "Access for the new team", "The export format",
        "Workshop with your designers", "The roadmap for autumn",
    ),
    "friend": (
        "The new bakery on the corner", "That film about lighthouses", "Tickets for the jazz night", "Your marathon",
        "A weekend in the Ardennes", "The bread recipe", "The garden after the storm", "Your sister's wedding",
        "Board games on Sunday", "The old record player", "A walk along the canals", "The pottery class",
        "Crêpes at the market", "Your cat in the tree",
    ),
    "family": (
        "Grandma's photo album", "The train on Friday", "Dinner on Sunday", "The leaking tap", "Plans for the holidays",
        "The lost umbrella", "Seeds for the balcony",
    ),
    "colleague": (
        "The flaky test", "Notes from the retrospective", "The build queue", "Lunch on Thursday", "The rollout plan",
        "Who owns the parser", "Numbers for the review", "The broken coffee machine", "The naming of things",
    ),
}  # fmt: skip

LINES: Final = (
    "Thank you, that was just what I needed.",
    "I will have a look at it over the weekend.",
    "Let me know what you think when you find the time.",
    "It was good to hear from you.",
    "The weather here has turned, and the bicycle is back in the shed.",
    "I told the others about it and they laughed.",
    "More on this next week, I hope.",
    "That sounds fine to me.",
    "I put the details below so that we do not forget them.",
    "Sorry that this took a little while.",
    "We should do that again soon.",
)
