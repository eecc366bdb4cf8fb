"""The illustrated exchange: one page that shows every byte of one run, and why it is there."""
