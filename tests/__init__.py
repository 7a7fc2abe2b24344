"""The tests of Koine. `make test` runs all; docs/testing.md tells what stands where."""
