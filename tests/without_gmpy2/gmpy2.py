"""Put this folder on PYTHONPATH and gmpy2 is hidden, from the tests and from every process that they start."""

raise ImportError("gmpy2 is hidden, to test the paths without it")
