"""The three parties, what they say to each other, and the story of it (floor 6)."""
