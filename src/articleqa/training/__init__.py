"""Training the ranker and the confidence model (`articleqa train`, `articleqa calibrate`)."""
