"""Bullets: symbols that open an item of a list and say nothing."""

BULLETS = "•‣◦▪▫●○■□▶►▸➢➤➔➜∙·◆◇❖"
"""Those that begin a line for no other reason; dashes, stars and arrows may stand there in other texts."""
