"""Breaking the exchange on purpose: somebody on the wire or a party does one thing wrong, and somebody notices."""

FAULTS = ("bad-mac", "bad-padding", "bad-oaep")
"""What a party can do wrong on purpose, by the names that `--fault` knows; `faults` does it."""
