"""How commands behave: their lines, their files, and what they say while one waits (the ground, floor 1)."""
