"""Everything that decides: from facts to people, from people to who is due, and from there to drafts."""
