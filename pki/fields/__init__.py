"""What certificates, requests and CRLs consist of: names and extensions."""
