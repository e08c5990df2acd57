"""The encoder: text into word pieces, and these into vectors and scores, by small networks."""
