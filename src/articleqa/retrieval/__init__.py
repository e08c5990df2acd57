"""BM25 retrieval of passages: the protocol of a retriever, and the retriever in memory."""

from articleqa.retrieval.memory import MemoryRetriever
from articleqa.retrieval.protocol import Retriever, Statistics

__all__ = ["MemoryRetriever", "Retriever", "Statistics"]
