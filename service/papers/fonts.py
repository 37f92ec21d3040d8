"""A Chinese font for pictures, from a registry package, so that a bare machine shows no boxes."""

from functools import cache

from matplotlib import font_manager
from noto_cjk_sans_otc import FONT_PATH

FAMILY = "Noto Sans CJK SC"
"""The Simplified Chinese face of the collection."""


@cache
def chinese_font() -> str:
    """Register the font with matplotlib and return the name of its family."""
    font_manager.fontManager.addfont(str(FONT_PATH))
    return FAMILY
