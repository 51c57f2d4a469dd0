"""Mail on the wire: tolerant reading of headers and parts, strict writing of drafts.

Knows RFC 5322 and its kin, no provider and no policy. Reading never raises on hostile input and loses at most the one
field that is bad; `reading` is the door for it, `writing` the door for drafts. Standard library only, and little of it
at import: worker processes start with these modules.
"""
