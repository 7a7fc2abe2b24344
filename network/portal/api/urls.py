"""Addresses of the open interface. A second version would stand beside this one, never replace it."""

from django.urls import include, path, re_path
from rest_framework.routers import DefaultRouter

from cities.api import CityViewSet
from grants.api import own
from grants.api.funds import FundViewSet
from grants.api.rounds import RoundViewSet
from network.membership.api import MembershipViewSet, NetworkViewSet
from network.portal.api.root import Nothing, Root, Schema
from network.portal.api.tokens import Token
from practices.api import adoptions, writing
from practices.api.form import Form
from practices.api.reading import PracticeViewSet

router = DefaultRouter()
router.include_root_view = False
router.include_format_suffixes = False
router.register("cities", CityViewSet, basename="city")
router.register("networks", NetworkViewSet, basename="network")
router.register("memberships", MembershipViewSet, basename="membership")
router.register("practices", PracticeViewSet, basename="practice")
router.register("funds", FundViewSet, basename="fund")
router.register("rounds", RoundViewSet, basename="round")

OWN = "own/practices/<uuid:practice>/"

app_name = "api"
urlpatterns = [
    path("", Root.as_view(), name="root"),
    path("token/", Token.as_view(), name="token"),
    path("schema/", Schema.as_view(), name="schema"),
    path("practice-form/", Form.as_view(), name="practice_form"),
    path("own/applications/", own.OwnApplications.as_view(), name="own_applications"),
    path("own/applications/<uuid:application>/", own.OwnApplicationView.as_view(), name="own_application"),
    path(
        "own/applications/<uuid:application>/files/<uuid:file>/",
        own.OwnApplicationFile.as_view(),
        name="own_application_file",
    ),
    path("own/practices/", writing.OwnPractices.as_view(), name="own_practices"),
    path(OWN, writing.OwnPracticeView.as_view(), name="own_practice"),
    path(f"{OWN}version/", writing.OwnVersion.as_view(), name="own_version"),
    path(f"{OWN}submission/", writing.OwnSubmission.as_view(), name="own_submission"),
    path(f"{OWN}sections/<slug:section>/", writing.OwnSectionView.as_view(), name="own_section"),
    path(f"{OWN}sections/<slug:section>/<uuid:row>/file/", writing.OwnFile.as_view(), name="own_file"),
    path("practices/<str:slug>/adoptions/", adoptions.Adoptions.as_view(), name="adoptions"),
    path("practices/<str:slug>/adoptions/own/", adoptions.OwnAdoption.as_view(), name="own_adoption"),
    path("", include(router.urls)),
    # Also with a line break in it, which `<path:>` does not take.
    re_path(r"^(?P<rest>[\s\S]+)/$", Nothing.as_view(), name="nothing"),
]
