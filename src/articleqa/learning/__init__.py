"""Commands that train what the package ships; each writes one data file, the same bytes on every run."""
