"""Loaders for e-mails: EML, MBOX and MSG."""
