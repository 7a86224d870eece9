"""`python -m training`."""

import os

# Threads that wait by spinning slow each other down tenfold when anything else computes on the machine (measured
# with two threads on two busy cores). Read once, when torch loads.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from training.cli import main

if __name__ == "__main__":
    main()
