"""Every file format of adapters and embeddings, both ways. Importing this package loads no torch."""
