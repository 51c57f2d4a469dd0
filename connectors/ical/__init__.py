"""iCalendar (RFC 5545): bytes in, meetings out, wherever the bytes came from.

``stream`` cuts a stream of bytes into components, ``lines`` reads a property, ``zones`` and ``moments`` times,
``entry`` one VEVENT, ``series`` the occurrences of those that recur, and ``reading`` puts it together. Nothing here
knows files, cursors or servers. Only ``reading`` and what it imports need icalendar and recurring-ical-events, which
take long to import: import it where a calendar is really read.
"""
