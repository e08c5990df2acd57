"""A question and passages into ranked sentences and an answer."""
