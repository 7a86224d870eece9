"""Settings of a run: what they are, what they mean, and good values for them."""
