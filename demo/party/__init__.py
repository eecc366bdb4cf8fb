"""What every party has: names, keys, a directory, a voice, and connections."""
