"""How Sphinx builds the documentation: `sphinx-build -W -b html docs build/docs`."""

project = "Cutaway"
author = "the Cutaway authors"
copyright = "the Cutaway authors"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
html_theme = "furo"
html_title = "Cutaway"

myst_heading_anchors = 3
nitpicky = True  # a reference that leads nowhere is a warning, and with -W an error
