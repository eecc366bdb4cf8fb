"""The TLS presentation language and record layer (floor 4)."""
