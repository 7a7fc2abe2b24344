"""Reads about cities."""
