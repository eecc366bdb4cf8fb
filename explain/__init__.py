"""How code tells its steps and labels its bytes, and how both are shown (the ground, floor 1)."""
