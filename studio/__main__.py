"""`python -m studio` is the same as `concept-studio`."""

from studio.cli import main

main()
