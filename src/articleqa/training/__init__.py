"""Training of the reader: examples, the network in torch, the export. Needs the extra `train-reader`."""
