"""Addresses of funds and applications. They are kept for ever."""

from django.urls import path

from grants.views import drafts, eligibility, files, funds, sending, starting

app_name = "grants"
urlpatterns = [
    path("funds/", funds.funds, name="funds"),
    path("funds/<str:slug>/", funds.fund, name="fund"),
    path("funds/<str:slug>/eligibility/", eligibility.eligibility, name="eligibility"),
    path("funds/<str:slug>/eligibility/result/", eligibility.eligibility_result, name="eligibility_result"),
    path("funds/<str:slug>/start/", starting.start, name="start"),
    path("applications/<str:opaque_id>/", drafts.application, name="application"),
    path("applications/<str:opaque_id>/sections/<slug:section>/", drafts.section, name="section"),
    path("applications/<str:opaque_id>/autosave/", drafts.autosave, name="autosave"),
    path("applications/<str:opaque_id>/files/<slug:field>/", files.file, name="file"),
    path("applications/<str:opaque_id>/files/<slug:field>/remove/", files.file_remove, name="file_remove"),
    path("applications/<str:opaque_id>/downloads/<uuid:uuid>/", files.download, name="download"),
    path("applications/<str:opaque_id>/check/", sending.check, name="check"),
    path("applications/<str:opaque_id>/submit/", sending.submit, name="submit"),
    path("applications/<str:opaque_id>/receipt/", sending.receipt, name="receipt"),
    path("applications/<str:opaque_id>/reopen/", sending.reopen, name="reopen"),
    path("applications/<str:opaque_id>/withdraw/", sending.withdraw, name="withdraw"),
]
