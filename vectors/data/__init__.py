"""Figures published by others, with their sources; see SOURCES.toml."""
