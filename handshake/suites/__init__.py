"""Cipher suites: what each is made of."""
