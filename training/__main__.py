"""`python -m training`."""

import os

# Threads that spin while they wait slow each other down when anything else computes on the machine. With two threads
# on two cores a step took 0.3-0.4 s alone and 2.0 s beside another training with spinning, 0.5-0.8 s either way
# without. Read once, when torch loads; set OMP_WAIT_POLICY=ACTIVE on a machine that does nothing else.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from training.cli import main

if __name__ == "__main__":
    main()
