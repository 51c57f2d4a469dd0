"""What counts as contact, and with whom. Pure: facts, config and a clock in, standings out."""

from daemon.contact.evidence import Evidence, Uncounted, gather, gather_nobody
from daemon.contact.world import ByHand, World

__all__ = ["ByHand", "Evidence", "Uncounted", "World", "gather", "gather_nobody"]
