"""Build clean, lawful, documented image data sets.

A photo goes search → download → inspect → geocode → score → encrypt → store, and from the store
to serve or export. ``docs/architecture.md`` is the map.
"""
