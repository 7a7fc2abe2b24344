"""Addresses of people and organisations: all of them stand on the desk."""

from django.urls import path

from network.people.views import (
    bank,
    distinct,
    documents,
    invitations,
    members,
    organisations,
    profile,
    tokens,
    verifying,
)

app_name = "people"
urlpatterns = [
    path("desk/profile/", profile.profile, name="profile"),
    path("desk/profile/export/", profile.export, name="export"),
    path("desk/tokens/", tokens.own, name="tokens"),
    path("desk/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("desk/tokens/<slug:kind>/<uuid:key>/", tokens.of_scope, name="scope_tokens"),
    path("desk/tokens/<slug:kind>/<uuid:key>/new/", tokens.new, name="new_token"),
    path("desk/register-organisation/", organisations.register, name="register_organisation"),
    path("desk/organisations/<str:slug>/", organisations.show, name="organisation"),
    path("desk/organisations/<str:slug>/edit/", organisations.edit, name="edit_organisation"),
    path("desk/organisations/<str:slug>/verification/", documents.ask, name="ask_for_verification"),
    path("desk/organisations/<str:slug>/documents/add/", documents.add, name="add_document"),
    path("desk/organisations/<str:slug>/documents/<uuid:uuid>/", documents.download, name="document"),
    path("desk/organisations/<str:slug>/documents/<uuid:uuid>/remove/", documents.remove, name="remove_document"),
    path("desk/organisations/<str:slug>/bank/", bank.show, name="bank"),
    path("desk/organisations/<str:slug>/bank/enter/", bank.enter, name="enter_bank"),
    path("desk/organisations/<str:slug>/bank/<int:pk>/decide/", bank.decide, name="decide_bank"),
    path("desk/organisations/<str:slug>/bank/<int:pk>/take-back/", bank.withdraw, name="withdraw_bank"),
    path("desk/organisations/<str:slug>/bank/<int:pk>/read/", bank.read, name="read_bank"),
    path("desk/bank-details/", bank.paid, name="paid_organisations"),
    path("desk/organisations/<str:slug>/members/", members.show, name="members"),
    path("desk/organisations/<str:slug>/members/invite/", members.invite, name="invite_member"),
    path("desk/organisations/<str:slug>/members/<int:pk>/role/", members.change_role, name="change_member_role"),
    path("desk/organisations/<str:slug>/members/<int:pk>/remove/", members.remove, name="remove_member"),
    path("desk/organisations/<str:slug>/invitations/<int:pk>/revoke/", members.revoke, name="revoke_invitation"),
    path("desk/verification/", verifying.queue, name="verification_queue"),
    path("desk/verification/<str:slug>/", verifying.show, name="verification"),
    path("desk/verification/<str:slug>/verify/", verifying.verify, name="verify_organisation"),
    path("desk/verification/<str:slug>/refuse/", verifying.refuse, name="refuse_verification"),
    path("desk/verification/<str:slug>/checks/", verifying.add_check, name="add_check"),
    path("desk/verification/<str:slug>/checks/<int:pk>/take-back/", verifying.take_check_back, name="take_check_back"),
    path("desk/verification/<str:slug>/not-the-same/<str:other>/", distinct.say, name="say_distinct"),
    path(
        "desk/verification/<str:slug>/not-the-same/<str:other>/take-back/",
        distinct.take_back,
        name="take_distinct_back",
    ),
    path("desk/verification/<str:slug>/merge-into/<str:other>/", verifying.merge, name="merge_organisations"),
    path("desk/invitations/mine/<int:pk>/", invitations.own, name="own_invitation"),
    path("desk/invitations/<str:token>/", invitations.invitation, name="invitation"),
]
