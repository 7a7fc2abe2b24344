"""The interface for programs: what it tells, what it keeps to itself, what it refuses."""
