"""Cards drawn as a page, to look at: as wide as the sidebar, light and dark. Only near to how Google draws them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from addon.cards.drawing import Json

ICONS = {
    "BOOKMARK": "⚑", "CLOCK": "◷", "DESCRIPTION": "▤", "INVITE": "▦", "MULTIPLE_PEOPLE": "⚇", "PERSON": "⚉", "STAR": "★",
    "CONFIRMATION_NUMBER_ICON": "▨",
}  # fmt: skip
HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Cards</title>'
STYLE = """
body{margin:0;font:14px/20px Roboto,Arial,sans-serif;background:#e8eaed}
main{display:flex;flex-wrap:wrap;gap:24px;padding:24px}
figure{margin:0}figcaption{font-size:12px;color:#5f6368;padding-bottom:6px}
.card{width:300px;background:var(--b);color:var(--t);border-radius:8px;overflow:hidden;overflow-wrap:anywhere}
.light{--b:#fff;--t:#202124;--q:#5f6368;--l:#dadce0;--a:#1f6f54}.dark{--b:#1f1f1f;--t:#e3e3e3;--q:#bdc1c6;--l:#444746;--a:#7fd0b3}
header{padding:12px 16px;border-bottom:1px solid var(--l)}header b{display:block;font-size:16px}
small,.q{font-size:12px;line-height:16px;color:var(--q);display:block}
section{padding:8px 16px;border-bottom:1px solid var(--l)}section>h3{font-size:13px;margin:4px 0;color:var(--q)}
.row{display:flex;gap:12px;padding:6px 0;align-items:center}.row>div{flex:1}
.go{cursor:pointer}.go .w::after{content:" ›";color:var(--q)}
.btns{display:flex;gap:8px;padding:6px 0;flex-wrap:wrap}
.btn{border:1px solid var(--l);border-radius:16px;padding:4px 12px;color:var(--a);white-space:nowrap}
.FILLED{background:var(--a);color:var(--b);border-color:var(--a)}.BORDERLESS{border-color:transparent}.off{opacity:.4}
.field{border:1px solid var(--l);border-radius:4px;padding:6px 8px;margin:8px 0;min-height:20px}.long{min-height:60px}
details>summary{cursor:pointer;color:var(--a);font-size:13px;padding:4px 0}
footer{display:flex;gap:8px;justify-content:flex-end;padding:12px 16px}
hr{border:0;border-top:1px solid var(--l)}
"""
_TAG = re.compile(r"<[^>]*>")


def page(cards: Mapping[str, Json]) -> str:
    """All *cards* by name, each once light and once dark."""
    figures = Markup("").join(
        Markup('<figure><figcaption>{} · {}</figcaption><div class="card {}">{}</div></figure>').format(
            name, look, look, _card(card)
        )
        for name, card in cards.items()
        for look in ("light", "dark")
    )
    return Markup("{}<style>{}</style><main>{}</main></html>").format(Markup(HEAD), Markup(STYLE), figures)  # noqa: S704 - our own


def _card(card: Json) -> Markup:
    header = card["header"]
    under = Markup("<small>{}</small>").format(header["subtitle"]) if "subtitle" in header else ""
    body = Markup("").join(_section(one) for one in card["sections"])
    return Markup("<header><b>{}</b>{}</header>{}{}").format(header["title"], under, body, _footer(card.get("fixedFooter", {})))


def _footer(footer: Json) -> Markup:
    buttons = [_button(footer[one]) for one in ("secondaryButton", "primaryButton") if one in footer]
    return Markup("<footer>{}</footer>").format(Markup("").join(buttons)) if buttons else Markup("")


def _section(section: Json) -> Markup:
    widgets = [_widget(one) for one in section["widgets"]]
    shown = section.get("uncollapsibleWidgetsCount", len(widgets)) if section.get("collapsible") else len(widgets)
    title = Markup("<h3>{}</h3>").format(section["header"]) if "header" in section else ""
    rest = widgets[shown:]
    more = (
        Markup("<details><summary>Show {} more</summary>{}</details>").format(len(rest), Markup("").join(rest)) if rest else ""
    )
    return Markup("<section>{}{}{}</section>").format(title, Markup("").join(widgets[:shown]), more)


def _widget(widget: Json) -> Markup:
    (kind, inside), *_ = widget.items()
    match kind:
        case "textParagraph":
            return Markup('<div class="row"><div>{}</div></div>').format(_words(inside["text"]))
        case "decoratedText":
            return _row(inside)
        case "buttonList":
            return Markup('<div class="btns">{}</div>').format(Markup("").join(_button(one) for one in inside["buttons"]))
        case "textInput":
            return _input(inside)
        case "selectionInput":
            return _choice(inside)
        case _:
            return Markup("<hr>")


def _row(row: Json) -> Markup:
    icon = ICONS.get(row.get("startIcon", {}).get("knownIcon", ""), "")
    parts = [Markup('<div class="q">{}</div>').format(row["topLabel"]) if "topLabel" in row else ""]
    parts.append(Markup('<div class="w">{}</div>').format(_words(row["text"])))
    parts.append(Markup('<div class="q">{}</div>').format(row["bottomLabel"]) if "bottomLabel" in row else "")
    end: Any = _button(row["button"]) if "button" in row else ""
    if "switchControl" in row:
        end = "☑" if row["switchControl"]["selected"] else "☐"
    start = Markup("<span>{}</span>").format(icon) if icon else ""
    return Markup('<div class="row{}">{}<div>{}</div>{}</div>').format(
        " go" if "onClick" in row else "", start, Markup("").join(parts), end
    )


def _button(button: Json) -> Markup:
    off = " off" if button.get("disabled") else ""
    return Markup('<span class="btn {}{}">{}</span>').format(button.get("type", ""), off, button["text"])


def _input(field: Json) -> Markup:
    long = " long" if field["type"] == "MULTIPLE_LINE" else ""
    hint = Markup('<div class="q">{}</div>').format(field["hintText"]) if "hintText" in field else ""
    return Markup('<div class="q">{}</div><div class="field{}">{}</div>{}').format(
        field["label"], long, field.get("value", ""), hint
    )


def _choice(choice: Json) -> Markup:
    if choice["type"] == "DROPDOWN":
        chosen = next((one["text"] for one in choice["items"] if one["selected"]), "")
        return Markup('<div class="q">{}</div><div class="field">{} ▾</div>').format(choice["label"], chosen)
    items = Markup("").join(_option(one) for one in choice["items"])
    return Markup('<div class="q">{}</div>{}').format(choice["label"], items)


def _option(item: Json) -> Markup:
    return Markup("<div>{} {}</div>").format("◉" if item["selected"] else "○", item["text"])


def _words(text: str) -> Markup:
    """Text as Google takes it: escaped already; a tag that got through shows here as what it is."""
    return Markup(_TAG.sub(lambda found: str(escape(found[0])), text).replace("\n", "<br>"))  # noqa: S704 - tags are escaped
