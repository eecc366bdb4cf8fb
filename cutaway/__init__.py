"""The front door: the one command `cutaway`, which leads to the commands of all rooms. Nothing imports it."""
