"""How a run is put on: processes, narration, the terminal."""
