"""A chat: a server that passes on what each says to all others, and its clients."""
