"""ASN.1 as bytes: DER, its object identifiers, and PEM around it."""
