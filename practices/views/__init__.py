"""Doors to the library: its list and pages, documents made of them, and short links."""
