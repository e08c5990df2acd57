"""The encoder: cuts text into word pieces, and computes vectors and scores with small networks."""
