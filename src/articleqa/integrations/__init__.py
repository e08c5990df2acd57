"""Adapters for other frameworks, each a module of its own that imports its framework.

`langchain` and `llama_index` are here. Those for Haystack are in `haystack_integrations.components`:
`readers.articleqa` and `retrievers.articleqa`. Haystack loads saved pipelines from there only.
"""
