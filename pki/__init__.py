"""Keys, names, requests, certificates and their verification (floor 3)."""
