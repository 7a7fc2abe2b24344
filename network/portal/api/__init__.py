"""The open interface for programs: its root, paging, and refusals. What it shows stands in each app's `api`."""
