"""A LlamaIndex retriever over an index, and a post-processor that cites; needs the extra `llama-index`."""

from articleqa import MissingPackageError

try:
    from articleqa.integrations.llama_index.citations import CitationPostprocessor
    from articleqa.integrations.llama_index.retriever import ArticleIndexRetriever
except ImportError as error:
    raise MissingPackageError('LlamaIndex is not installed: pip install "articleqa[llama-index]"') from error

__all__ = ["ArticleIndexRetriever", "CitationPostprocessor"]
