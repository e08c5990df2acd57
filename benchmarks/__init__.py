"""Speed and memory of articleqa compared with plain rank-bm25. Run with `pytest benchmarks`."""
