"""Pieces that pages share; each owns its own keys and returns a plain value."""
