"""What can be taught: one folder a method, with its settings (`config.py`) and its training part (`train.py`)."""
