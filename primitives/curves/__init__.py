"""Elliptic curves: the group law, its fast forms, and the curves themselves."""
