"""Addresses of the library, kept for ever."""

from django.urls import path

from practices.views import (
    adoptions,
    bookmarks,
    collection_order,
    collection_sharing,
    collections,
    documents,
    feeds,
    files,
    letters,
    library,
    searches,
    themes,
)

app_name = "practices"
urlpatterns = [
    path("collections/", collections.collection_list, name="collections"),
    path("collections/new/", collections.new_collection, name="new_collection"),
    path("collections/add/", collection_order.add_to_collection, name="add_to_collection"),
    path("collections/<str:opaque_id>/", collections.collection_page, name="collection"),
    path("collections/<str:opaque_id>/export.<str:kind>", collections.export_collection, name="export_collection"),
    path("collections/<str:opaque_id>/texts/", collections.collection_texts, name="collection_texts"),
    path("collections/<str:opaque_id>/order/", collection_order.arrange_collection, name="arrange_collection"),
    path("collections/<str:opaque_id>/delete/", collections.delete_collection, name="delete_collection"),
    path("collections/<str:opaque_id>/hide/", collections.hide_collection, name="hide_collection"),
    path("collections/<str:opaque_id>/invitation/", collection_sharing.answer, name="collection_invitation"),
    path("collections/<str:opaque_id>/people/", collection_sharing.sharing, name="collection_sharing"),
    path(
        "collections/<str:opaque_id>/people/readers/", collection_sharing.change_visibility, name="collection_readers"
    ),
    path("collections/<str:opaque_id>/people/invite/", collection_sharing.invite, name="invite_to_collection"),
    path(
        "collections/<str:opaque_id>/people/invitations/<int:pk>/revoke/",
        collection_sharing.revoke,
        name="revoke_collection_invitation",
    ),
    path(
        "collections/<str:opaque_id>/people/<int:pk>/role/",
        collection_sharing.change_role,
        name="change_collection_role",
    ),
    path(
        "collections/<str:opaque_id>/people/<int:pk>/remove/",
        collection_sharing.remove,
        name="remove_collection_member",
    ),
    path("desk/collections/", collections.own_collections, name="own_collections"),
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
    path("practices/files/<uuid:uuid>/", files.practice_file, name="file"),
    path("practices/<str:slug>/", library.practice_detail, name="detail"),
    path("practices/<str:slug>/adopt/", adoptions.adopt, name="adopt"),
    path("practices/<str:slug>/adoptions/<int:pk>/", adoptions.adoption, name="adoption"),
    path("practices/<str:slug>/adoptions/<int:pk>/change/", adoptions.correct, name="correct_adoption"),
    path("practices/<str:slug>/adoptions/<int:pk>/confirm/", adoptions.confirm, name="confirm_adoption"),
    path("practices/<str:slug>/adoptions/<int:pk>/question/", adoptions.question, name="question_adoption"),
    path("practices/<str:slug>/adoptions/<int:pk>/withdraw/", adoptions.withdraw, name="withdraw_adoption"),
    path("practices/<str:slug>/contact/", letters.contact, name="contact"),
    path("practices/<str:slug>/contact/sent/", letters.contact_sent, name="contact_sent"),
    path("practices/<str:slug>/bookmark/", bookmarks.bookmark, name="bookmark"),
    path("practices/<str:slug>/sheet.pdf", documents.sheet, name="sheet"),
    path("practices/<str:slug>/draft/sheet.pdf", documents.draft_sheet, name="draft_sheet"),
    path("practices/<str:slug>/draft/", library.practice_draft, name="draft"),
    path("practices/<str:slug>/publish/", library.practice_publish, name="publish"),
]
