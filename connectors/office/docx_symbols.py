"""Characters of symbol fonts as Unicode has them."""

from __future__ import annotations

_WINGDINGS = {
    0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0xA7: "▪", 0xA8: "☐",
    0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑",
}  # fmt: skip
_SYMBOL = {
    0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x64: "δ", 0x65: "ε", 0x6C: "λ", 0x6D: "µ", 0x70: "π", 0x73: "σ",
    0xA3: "≤", 0xA5: "∞", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD7: "⋅", 0xDE: "⇒", 0xE5: "∑",
}  # fmt: skip


def symbol(font: str, code: str) -> str:
    """The character that *code* (hexadecimal) stands for in a symbol *font*; one that nobody knows stays as it is."""
    try:
        number = int(code, 16)
    except ValueError:
        return "\ufffd"
    name = font.strip().lower()
    known = _WINGDINGS if name == "wingdings" else _SYMBOL if name == "symbol" else {}
    if (number & 0xFF00) in (0, 0xF000) and number & 0xFF in known:
        return known[number & 0xFF]
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number <= 0x10FFFF else "\ufffd"
