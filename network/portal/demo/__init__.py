"""The demonstration: real networks, cities and practices with their sources, and invented people, all loaded through the
domain functions. What is loaded stands in the JSON files beside this one; each explains itself in its `_readme`."""
