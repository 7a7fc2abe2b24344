"""Addresses of the library, kept for ever."""

from django.urls import path

from practices.views import bookmarks, documents, feeds, library, searches, themes

app_name = "practices"
urlpatterns = [
    path("desk/bookmarks/", bookmarks.bookmarks, name="bookmarks"),
    path("desk/bookmarks/remove/", bookmarks.drop, name="drop_bookmarks"),
    path("desk/searches/", searches.searches, name="searches"),
    path("desk/searches/new/", searches.save, name="save_search"),
    path("desk/searches/<int:pk>/", searches.change, name="saved_search"),
    path("desk/searches/<int:pk>/remove/", searches.remove, name="remove_search"),
    path("practices/", library.practice_list, name="list"),
    path("practices/export.<str:kind>", documents.export_list, name="export"),
    path("practices/feed.atom", feeds.feed, name="feed"),
    path("practices/themes/", themes.theme_tree, name="themes"),
    path("practices/themes/<slug:code>/", themes.theme_detail, name="theme"),
    path("practices/<str:slug>/", library.practice_detail, name="detail"),
    path("practices/<str:slug>/bookmark/", bookmarks.bookmark, name="bookmark"),
    path("practices/<str:slug>/sheet.pdf", documents.sheet, name="sheet"),
    path("practices/<str:slug>/draft/sheet.pdf", documents.draft_sheet, name="draft_sheet"),
    path("practices/<str:slug>/draft/", library.practice_draft, name="draft"),
    path("practices/<str:slug>/publish/", library.practice_publish, name="publish"),
]
