"""The wire between two parties, and who sits there."""
