"""What `python -m primitives` runs: a table of all algorithms, their inputs, and their single steps."""
