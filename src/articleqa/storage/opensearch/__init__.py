"""Storage of articles and passages in a cluster of OpenSearch."""
