"""Question analysis: terms, expected answer type and subquestions."""
