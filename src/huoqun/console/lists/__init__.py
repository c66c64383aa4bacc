"""Lists as every room has them: filter, sort, page, tick, save a view, take away as CSV or XLSX. All of it on the server.

A page says what its columns and filters are (see docs/howto/add-a-page.md); this package does the rest.
"""

from huoqun.console.lists.actions import Action
from huoqun.console.lists.columns import Column
from huoqun.console.lists.filters import Choice, Filter, Multi, Range, Text
from huoqun.console.lists.page import Empty, ListPage
from huoqun.console.lists.views import SavedView, ViewStore

__all__ = ["Action", "Choice", "Column", "Empty", "Filter", "ListPage", "Multi", "Range", "SavedView", "Text", "ViewStore"]
