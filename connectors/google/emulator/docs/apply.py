"""`documents.batchUpdate`: every kind of request, applied in order."""

from __future__ import annotations

from connectors.google.emulator.docs import edit_chips, edit_reviews, edit_styles, edit_tables, edit_text
from connectors.google.emulator.docs.edits import Apply, Edits
from connectors.google.emulator.errors import GoogleError, Json, bad_request

#: Requests that can be made as suggestions here.
_SUGGESTIBLE = {"insertText", "deleteContentRange"}


KINDS: dict[str, Apply] = edit_text.KINDS | edit_styles.KINDS | edit_tables.KINDS | edit_chips.KINDS | edit_reviews.KINDS


def apply_edits(edits: Edits, requests: list[Json]) -> list[Json]:
    """Apply *requests* in order; a reply for each. Raises 400 that names the request."""
    replies = []
    for number, request in enumerate(requests):
        kinds = [kind for kind, value in request.items() if value is not None]
        if len(kinds) != 1:
            raise bad_request(f"Invalid requests[{number}]: No request set.")
        kind = kinds[0]
        apply = KINDS.get(kind)
        if apply is None or (edits.suggestion and kind not in _SUGGESTIBLE):
            how = " as a suggestion" if apply else ""
            raise GoogleError(501, f"The emulator does not implement {kind}{how} (requests[{number}]).", "notImplemented")
        try:
            reply = apply(edits, request[kind])
        except GoogleError as error:
            if error.status == 400:
                error.message = f"Invalid requests[{number}].{kind}: {error.message}"
            raise
        replies.append({kind: reply} if reply is not None else {})
    return replies
