"""Addresses of the open interface. A second version would stand beside this one, never replace it."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from cities.api import CityViewSet
from grants.api import FundViewSet
from network.membership.api import MembershipViewSet, NetworkViewSet
from network.portal.api.root import Nothing, Root, Schema
from network.portal.api.tokens import Token
from practices.api.reading import PracticeViewSet

router = DefaultRouter()
router.include_root_view = False
router.include_format_suffixes = False
router.register("cities", CityViewSet, basename="city")
router.register("networks", NetworkViewSet, basename="network")
router.register("memberships", MembershipViewSet, basename="membership")
router.register("practices", PracticeViewSet, basename="practice")
router.register("funds", FundViewSet, basename="fund")

app_name = "api"
urlpatterns = [
    path("", Root.as_view(), name="root"),
    path("token/", Token.as_view(), name="token"),
    path("schema/", Schema.as_view(), name="schema"),
    path("", include(router.urls)),
    path("<path:rest>/", Nothing.as_view(), name="nothing"),
]
