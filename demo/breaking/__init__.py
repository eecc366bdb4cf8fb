"""Breaking the exchange on purpose: somebody on the wire or a party does one thing wrong, and somebody notices."""
