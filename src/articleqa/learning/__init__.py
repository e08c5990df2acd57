"""Commands that train what the package ships; each writes one file: on one thread always the same bytes."""
