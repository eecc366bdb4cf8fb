"""The algorithms, one file per standard (floor 2)."""
