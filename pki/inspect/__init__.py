"""What a file holds, and what every byte of it is, for a person."""
