"""Pages of an API list: `page` and `page_size` (100 at most)."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """Numbered pages; a page beyond the last answers 404."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
