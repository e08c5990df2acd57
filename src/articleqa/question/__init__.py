"""What a question asks: its terms, the type of answer it wants, and its subquestions."""
