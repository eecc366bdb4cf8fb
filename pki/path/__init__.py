"""Path validation, one question a file: RFC 5280 §6, asked by `pki.verify`."""
