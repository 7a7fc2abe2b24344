"""The bench measures what it says: its words, its reading of /proc, its verdicts."""
