"""What ML-KEM and ML-DSA share: their rings of polynomials, the number-theoretic transform, packing and sampling."""
