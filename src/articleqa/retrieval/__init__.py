"""Passages by BM25: the contract every retriever keeps, and the one in memory."""

from articleqa.retrieval.contract import Retriever, Statistics
from articleqa.retrieval.memory import MemoryRetriever

__all__ = ["MemoryRetriever", "Retriever", "Statistics"]
