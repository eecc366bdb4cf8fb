"""The numbers of TLS by their names: IANA's registries."""
