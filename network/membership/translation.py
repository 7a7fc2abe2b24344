from modeltranslation.translator import TranslationOptions, register

from network.membership.models import Membership, Network, Region


@register(Network)
class NetworkTranslation(TranslationOptions):
    fields = ("name", "purpose")


@register(Region)
class RegionTranslation(TranslationOptions):
    fields = ("name",)


@register(Membership)
class MembershipTranslation(TranslationOptions):
    fields = ("act",)
