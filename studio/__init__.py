"""From a folder of pictures to a written export: curation in Concept Studio. Importing this package loads no torch."""
