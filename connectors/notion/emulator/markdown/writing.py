"""Blocks become enhanced Markdown: a line each, what stands inside indented by a tab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.notion.emulator.ids import url
from connectors.notion.emulator.markdown.inline import colour_written, written

_LINE_START = re.compile(r"([-+#](?=\s|$)|#{2,6}(?=\s)|---|___|:::|!(?=\\\[))|(\d+)([.)])(?=\s|$)")


@dataclass(frozen=True)
class Written:
    """A block to write: *id*, *type*, *payload* as answers show it, and what stands inside."""

    id: str
    type: str
    payload: Mapping[str, Any]
    children: Sequence[Written] = ()


def markdown(blocks: Iterable[Written]) -> str:
    """The Markdown of *blocks*."""
    return "\n".join(lines_of(blocks))


def lines_of(blocks: Iterable[Written], depth: int = 0) -> list[str]:
    """The lines of *blocks*, indented by *depth* tabs."""
    lines: list[str] = []
    tabs, number = "\t" * depth, 0
    for block in blocks:
        number = number + 1 if block.type == "numbered_list_item" else 0
        lines += [tabs + line if line else "" for line in _block(block, number)]
    return lines


def _block(block: Written, number: int) -> list[str]:
    """The lines of one block with everything inside."""
    write = _WRITERS.get(block.type)
    if write is not None:
        return write(block)
    prefix = _PREFIXES.get(block.type)
    if prefix is None:
        return _unknown(block)
    start = prefix(block.payload, number)
    words = written(block.payload["rich_text"])
    more = _attributes(block.payload)
    if block.type == "paragraph":
        if not words:
            return ["<empty-block/>" + more, *_inside(block)]
        words = _LINE_START.sub(_escaped_start, words, count=1) if _LINE_START.match(words) else words
    return [f"{start}{words}{more}", *_inside(block)]


def _escaped_start(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


_PREFIXES: dict[str, Callable[[Mapping[str, Any], int], str]] = {
    "paragraph": lambda payload, number: "",
    "heading_1": lambda payload, number: "# ",
    "heading_2": lambda payload, number: "## ",
    "heading_3": lambda payload, number: "### ",
    "heading_4": lambda payload, number: "#### ",
    "bulleted_list_item": lambda payload, number: "- ",
    "numbered_list_item": lambda payload, number: f"{number}. ",
    "to_do": lambda payload, number: "- [x] " if payload["checked"] else "- [ ] ",
    "quote": lambda payload, number: "> ",
}


def _attributes(payload: Mapping[str, Any]) -> str:
    given = ['toggle="true"'] if payload.get("is_toggleable") else []
    if payload.get("color", "default") != "default":
        given.append(f'color="{colour_written(payload["color"])}"')
    return f" {{{' '.join(given)}}}" if given else ""


def _inside(block: Written) -> list[str]:
    return lines_of(block.children, 1)


def _coloured(payload: Mapping[str, Any]) -> str:
    colour = payload.get("color", "default")
    return f' color="{colour_written(colour)}"' if colour != "default" else ""


def _toggle(block: Written) -> list[str]:
    words = written(block.payload["rich_text"])
    return [f"<details{_coloured(block.payload)}>", f"<summary>{words}</summary>", *_inside(block), "</details>"]


def _callout(block: Written) -> list[str]:
    icon = block.payload.get("icon") or {}
    shown = icon.get("emoji") or icon.get("external", {}).get("url") or ""
    given = (f' icon="{shown}"' if shown else "") + _coloured(block.payload)
    words = written(block.payload["rich_text"])
    own = [f"\t{words}"] if words else ["\t<empty-block/>"] if block.children else []
    return [f"<callout{given}>", *own, *_inside(block), "</callout>"]


def _code(block: Written) -> list[str]:
    words = "".join(part["plain_text"] for part in block.payload["rich_text"])
    longest = max((len(run) for run in re.findall(r"`{3,}", words)), default=2)
    fence = "`" * (longest + 1)
    language = block.payload.get("language", "plain text")
    return [fence + language, *words.split("\n"), fence]


def _media(block: Written) -> list[str]:
    payload = block.payload
    address = payload.get(payload.get("type", ""), {}).get("url", "")
    caption = written(payload.get("caption") or ())
    if block.type == "image":
        return [f"![{caption}]({address})"]
    return [f'<{block.type} src="{address}">{caption}</{block.type}>']


def _table(block: Written) -> list[str]:
    given = (' header-row="true"' if block.payload["has_column_header"] else "") + (
        ' header-column="true"' if block.payload["has_row_header"] else ""
    )
    rows = [line for row in block.children for line in _row(row)]
    return [f"<table{given}>", *rows, "</table>"]


def _row(row: Written) -> list[str]:
    return ["<tr>", *(f"<td>{written(cell)}</td>" for cell in row.payload["cells"]), "</tr>"]


def _columns(block: Written) -> list[str]:
    return ["<columns>", *_inside(block), "</columns>"]


def _column(block: Written) -> list[str]:
    return ["<column>", *_inside(block), "</column>"]


def _synced(block: Written) -> list[str]:
    source = block.payload.get("synced_from")
    name = "synced_block_reference" if source else "synced_block"
    address = url(source["block_id"] if source else block.id)
    return [f'<{name} url="{address}">', *_inside(block), f"</{name}>"]


def _page(block: Written) -> list[str]:
    return [f'<page url="{url(block.id)}">{_title(block)}</page>']


def _database(block: Written) -> list[str]:
    inline = "true" if block.payload.get("is_inline") else "false"
    return [f'<database url="{url(block.id)}" inline="{inline}">{_title(block)}</database>']


def _title(block: Written) -> str:
    return re.sub(r"[\\*~`$\[\]<>{}|^]", lambda found: "\\" + found[0], str(block.payload.get("title", "")))


def _unknown(block: Written) -> list[str]:
    return [f'<unknown url="{url(block.id)}" alt="{block.type}"/>']


_WRITERS: dict[str, Callable[[Written], list[str]]] = {
    "toggle": _toggle,
    "callout": _callout,
    "code": _code,
    "divider": lambda block: ["---"],
    "equation": lambda block: ["$$", *str(block.payload["expression"]).split("\n"), "$$"],
    "table_of_contents": lambda block: [f"<table_of_contents{_coloured(block.payload)}/>"],
    "table": _table,
    "column_list": _columns,
    "column": _column,
    "synced_block": _synced,
    "child_page": _page,
    "child_database": _database,
    "link_to_page": lambda block: [f'<page url="{url(str(block.payload[block.payload["type"]]))}"></page>'],
    "image": _media,
    "video": _media,
    "audio": _media,
    "file": _media,
    "pdf": _media,
}
