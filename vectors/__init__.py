"""Official test vectors as data, their readers, and the conformance runner."""
