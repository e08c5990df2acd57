"""Where an English sentence ends, beside its abbreviations (`abbreviations.txt`) and Punkt (`punkt.json`)."""

from __future__ import annotations

from articleqa.language.protocol import SentenceRules

SENTENCES = SentenceRules(
    numbered=("Section", "Sec", "SECTION", "SEC", "Article", "ARTICLE", "Art", "ART", "Chapter", "CHAPTER"),
    speech=(
        *("said", "says", "asked", "asks", "added", "adds", "wrote", "writes", "told"),
        *("cried", "replied", "shouted", "answered", "demanded"),
    ),
    before_names=("and", "by", "&"),
    before_letters=("Fig", "Figs", "Sec", "App", "Tab", "Tbl", "Ex", "Eq", "Vol", "Sched", "Exh"),
    units=("in", "gal"),
    numbers=("no",),
    cited=(r"No\.",),
    yes_or_no=("yes", "yep", "yeah", "no", "nope"),
)
