"""Timings, as ratios to peers measured in the same run.

Each algorithm's rows are in a file of their own, whose `rows()` yields them; a new file here is found by itself.
"""
