"""TLS 1.2 (RFC 5246): its state machine, its key schedule, its two parties."""
