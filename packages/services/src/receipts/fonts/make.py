"""Makes the fonts of receipts from Geist as npm's package geist 1.9.2 ships it.

Usage: make.py GEIST_TTF OUTPUT_TTF, with fontTools. Digits become those of one width, so that amounts stand under each other
without asking for an OpenType feature (pdfkit lays out text with features ten times slower), and letters that
@hourly/contract's `printableText` does not let through are left out.
"""

import sys

from fontTools import subset
from fontTools.ttLib import TTFont

LETTERS = (
    [*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x180), *range(0x218, 0x21C), *range(0x400, 0x460)]
    + [ord(letter) for letter in "–—‘’“”•…₹€→−"]
)

font = TTFont(sys.argv[1])
substitutions = {}
gsub = font["GSUB"].table
for record in gsub.FeatureList.FeatureRecord:
    if record.FeatureTag == "tnum":
        for index in record.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                substitutions.update(getattr(table, "ExtSubTable", table).mapping)
for table in font["cmap"].tables:
    if table.isUnicode():
        table.cmap = {code: substitutions.get(glyph, glyph) for code, glyph in table.cmap.items()}

options = subset.Options(layout_features=["kern", "mark", "mkmk"], name_IDs=["*"], notdef_outline=True, hinting=False)
options.drop_tables += ["meta"]
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=LETTERS)
subsetter.subset(font)
font.save(sys.argv[2])
