"""How a party comes by its certificate."""
