"""Which handler answers which of Google's methods, and which of them change something."""

from __future__ import annotations

from connectors.google.emulator import directory
from connectors.google.emulator.calls import Handler
from connectors.google.emulator.docs import endpoints as docs
from connectors.google.emulator.drive import changes, channels, comments, drives, files, listing, permissions, revisions, v2
from connectors.google.emulator.sheets import endpoints as sheets
from connectors.google.emulator.sheets import value_endpoints as values

HANDLERS: dict[str, Handler] = {
    "drive.about.get": files.about,
    "drive.files.create": files.create,
    "drive.files.copy": files.copy,
    "drive.files.get": files.get,
    "drive.files.list": listing.listed,
    "drive.files.update": files.update,
    "drive.files.delete": files.delete,
    "drive.files.emptyTrash": files.empty_trash,
    "drive.files.export": files.export,
    "drive.files.generateIds": files.generate_ids,
    "drive.files.watch": channels.watch_file,
    "drive.permissions.create": permissions.create,
    "drive.permissions.list": permissions.listed,
    "drive.permissions.get": permissions.get,
    "drive.permissions.update": permissions.update,
    "drive.permissions.delete": permissions.delete,
    "drive.revisions.list": revisions.listed,
    "drive.revisions.get": revisions.get,
    "drive.changes.getStartPageToken": changes.start_page_token,
    "drive.changes.list": changes.listed,
    "drive.changes.watch": channels.watch_changes,
    "drive.channels.stop": channels.stop,
    "drive.drives.create": drives.create,
    "drive.drives.get": drives.get,
    "drive.drives.list": drives.listed,
    "drive.drives.update": drives.update,
    "drive.drives.delete": drives.delete,
    "drive.drives.hide": drives.hide,
    "drive.drives.unhide": drives.unhide,
    "drive.comments.create": comments.create,
    "drive.comments.get": comments.get,
    "drive.comments.list": comments.listed,
    "drive.comments.update": comments.update,
    "drive.comments.delete": comments.delete,
    "drive.replies.create": comments.create_reply,
    "drive.replies.list": comments.list_replies,
    "sheets.spreadsheets.create": sheets.create,
    "sheets.spreadsheets.get": sheets.get,
    "sheets.spreadsheets.getByDataFilter": sheets.get_by_filter,
    "sheets.spreadsheets.batchUpdate": sheets.batch_update,
    "sheets.spreadsheets.sheets.copyTo": sheets.copy_to,
    "sheets.spreadsheets.developerMetadata.get": sheets.metadata_get,
    "sheets.spreadsheets.developerMetadata.search": sheets.metadata_search,
    "sheets.spreadsheets.values.get": values.values_get,
    "sheets.spreadsheets.values.batchGet": values.values_batch_get,
    "sheets.spreadsheets.values.batchGetByDataFilter": values.values_batch_get_by_filter,
    "sheets.spreadsheets.values.update": values.values_update,
    "sheets.spreadsheets.values.batchUpdate": values.values_batch_update,
    "sheets.spreadsheets.values.batchUpdateByDataFilter": values.values_batch_update_by_filter,
    "sheets.spreadsheets.values.append": values.values_append,
    "sheets.spreadsheets.values.clear": values.values_clear,
    "sheets.spreadsheets.values.batchClear": values.values_batch_clear,
    "sheets.spreadsheets.values.batchClearByDataFilter": values.values_batch_clear_by_filter,
    "docs.documents.create": docs.create,
    "docs.documents.get": docs.get,
    "docs.documents.batchUpdate": docs.batch_update,
    "directory.users.list": directory.listed,
    "directory.users.get": directory.get,
}

#: Drive v2, of which gspread still uses one method.
V2 = v2.upload
