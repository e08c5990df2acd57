"""Text into sentences (`sentences`) and into terms (`terms`)."""
