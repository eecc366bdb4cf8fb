"""The one-time password: a bank's server sends it, its client acknowledges it; and the story of that."""
