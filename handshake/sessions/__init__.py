"""What outlives a connection, so that a later one can resume it."""
