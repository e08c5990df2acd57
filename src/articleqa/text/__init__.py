"""Text into blocks, sentences and terms."""
