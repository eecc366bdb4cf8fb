"""What the demo's commands have in common."""
