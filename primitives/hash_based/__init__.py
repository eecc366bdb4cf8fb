"""Signatures made of hash functions: what SLH-DSA is built of, from one-time signatures up to the hypertree."""
