"""Reading: question and passage together, by a small encoder."""
