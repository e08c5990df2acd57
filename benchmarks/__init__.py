"""articleqa beside plain rank-bm25: speed and memory. Run with `pytest benchmarks`."""
