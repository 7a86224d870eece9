"""From an export to weights: the training half of Concept Studio. Importing this package loads no torch."""
