"""From a folder of pictures to a written export: the curation half of Concept Studio. Importing this package loads no torch."""
