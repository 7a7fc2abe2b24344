"""The library for programs: reading what is public, and writing with a city's token."""
