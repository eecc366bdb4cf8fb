"""The authority: what it issues, what it records, and whom it permits what."""
