"""TLS 1.3 (RFC 9846, July 2026, which obsoletes RFC 8446): its key schedule."""
