"""The demonstration: whole, sourced, and made through the domain functions."""
