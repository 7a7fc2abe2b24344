from modeltranslation.translator import TranslationOptions, register

from network.membership.models import Membership, Network, Region


@register(Network)
class NetworkTranslation(TranslationOptions):
    fields = ("name", "purpose", "region_scheme", "secretariat_note")


@register(Region)
class RegionTranslation(TranslationOptions):
    fields = ("name",)


@register(Membership)
class MembershipTranslation(TranslationOptions):
    fields = ("act", "role")
