"""Generated worlds whose truth is known by construction, by which auld's inference is measured through its commands.

`names`, `post` and `agenda` write names, mail and calendar entries and know nothing of who is who. `truth` is what is
true. `world` ties them together, `kinds` holds the messes of real mailboxes, `worlds` makes whole mailboxes of them.
`measure` asks auld and compares, `report` makes a table of it. Only `measure` knows auld, and only its commands and the
reading of a first name from a name.

Left out is what the rules leave open, and what nobody could tell from mail:

- two namesakes who never write in one thread (rule B makes them one, by design), and namesakes with a second address
  (it could be either's);
- one person who writes in one thread from two addresses (they would be taken for namesakes), so also somebody who goes
  on with an old thread from a new organisation;
- names that two ways of transliterating make different: Shcherbakov and Schtscherbakow, Müller and Mueller, Arabic and
  Hebrew names that nobody ever wrote in Latin letters, Japanese names with a space;
- names with a company behind a dash or a bar, first names alone that two people share, given names without a last one;
- a couple's address of which only one has another of their own;
- a friend of whom all mail lies in Sent and to whom I hardly wrote: the rules take them for me;
- shares of a document in a colleague's name with their own address in Reply-To, which somebody wrote and nobody sent;
- a document's or a list's mail with several authors in From, and one Message-ID under different mails;
- a meeting in two calendars of which one is the organiser's: folders do not say whose they are; one under way, as the
  next meeting;
- drafts, holds and rhythms, which have tests of their own.
"""
