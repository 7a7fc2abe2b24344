"""The world outside people: the counters of tries, which live in the cache."""
