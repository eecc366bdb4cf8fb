"""Single steps to try: the sub-functions of each algorithm, on the user's own input."""
