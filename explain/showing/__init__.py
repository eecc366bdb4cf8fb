"""How the steps of a trace are shown: in the standards' notation, on a terminal, as HTML, as JSON."""
