"""Readers and writers of other tools' layouts; nowhere else does a file format appear."""
