"""Contrast between colours, as WCAG works it out."""


def _linear(channel: int) -> float:
    """One channel of sRGB (0 to 255) as linear light (0 to 1). Source: WCAG 2.2, relative luminance."""
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def contrast_with_white(colour: str) -> float:
    """Contrast ratio (1 to 21) of white text on a colour written "#rrggbb". Raises ValueError for other text."""
    red, green, blue = (_linear(channel) for channel in bytes.fromhex(colour.removeprefix("#")))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 1.05 / (luminance + 0.05)
