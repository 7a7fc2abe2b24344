"""Formats for languages that Django ships none for. Digits stay Latin in every language (references, money, dates)."""
