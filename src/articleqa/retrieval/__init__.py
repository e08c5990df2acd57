"""Passages by BM25: the contract every retriever keeps, and the one in memory."""

from articleqa.retrieval.memory import MemoryRetriever
from articleqa.retrieval.protocol import Retriever, Statistics

__all__ = ["MemoryRetriever", "Retriever", "Statistics"]
