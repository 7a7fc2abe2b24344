"""Grants for programs: funds and rounds as open data, an organisation's own applications by token."""
