"""The commands of the algorithms, a file for each family."""
