"""Embeddings: a few learned vectors behind a placeholder token; the model itself stays as it is."""
