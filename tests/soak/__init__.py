"""A long run of everything the harness does, to see that it leaks nothing."""
