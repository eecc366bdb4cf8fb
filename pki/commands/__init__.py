"""What `python -m pki` runs."""
