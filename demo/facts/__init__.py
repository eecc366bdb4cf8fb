"""What certificates and messages say, in plain words."""
