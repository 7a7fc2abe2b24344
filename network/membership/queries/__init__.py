"""Reads about networks and memberships, one function per page."""
