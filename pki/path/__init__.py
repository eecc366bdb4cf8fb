"""Path validation, one question a file: RFC 5280 section 6, asked by `pki.verify`."""
