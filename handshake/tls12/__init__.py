"""TLS 1.2 (RFC 5246): its state machine, its key schedule, its two parties.

RFC 9846 (TLS 1.3, July 2026) has obsoleted RFC 5246, and with it RFC 5077, RFC 7627 and RFC 8422. They still define
TLS 1.2, so this package cites them. It cites RFC 9846 where that tells clients and servers of TLS 1.2 what to do.
"""
