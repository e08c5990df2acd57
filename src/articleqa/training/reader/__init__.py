"""Training the reader; needs the extra `train-reader` (torch)."""
