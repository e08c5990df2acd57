"""Scored candidates into an answer: confidence, short answers and citations."""
