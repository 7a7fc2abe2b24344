"""Doors to cities: letters to them, their pictures, and their own page's editing."""
