"""The same algorithms for many blocks at once: Python integers as very wide registers."""
