"""The lessons: each hole that the old systems had, the attack that goes through it, and the check that stops it."""
