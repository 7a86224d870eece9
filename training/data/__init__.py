"""From a folder of pictures and captions to the batches the loop eats."""
