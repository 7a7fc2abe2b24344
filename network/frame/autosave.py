"""What a form that saves itself says to the person writing."""

from __future__ import annotations

from django.utils.translation import gettext as _


def autosave_texts() -> dict[str, dict[str, str]]:
    """The sentences that `js/autosave.js` and `js/paste.js` say, in the reader's language; once on a page whose form saves itself."""
    return {
        "texts": {
            "saved": _("Saved at %(time)s"),
            "saving": _("Saving"),
            "unsaved": _("Not saved yet"),
            "failed": _("NOT saved (%(time)s)"),
            "offline": _("NOT saved: you are offline. Go on writing; your text is kept on this device."),
            "expired": _(
                "NOT saved: you are signed out. Your text is kept. Sign in in another tab, then press “Try again”."
            ),
            "refused": _("NOT saved: %(reason)s"),
            "server": _("NOT saved: the portal did not answer. Your text is kept; we try again."),
            "retry": _("Try again"),
            "signIn": _("Sign in in another tab"),
            "conflict": _("%(name)s changed this section while you were writing. Choose which text to keep."),
            "somebody": _("Somebody"),
            "mine": _("Your text"),
            "theirs": _("Their text"),
            "keepMine": _("Keep your text"),
            "keepTheirs": _("Keep their text"),
            "compare": _("Choose part by part"),
            "tooLong": _("NOT saved: a text is longer than 100,000 characters. It stays on this page: shorten it."),
            "pastedTooLong": _(
                "What you pasted is longer than a million characters and was not put in. It is still on the clipboard: "
                "paste a part of it."
            ),
            "kept": _("Text from %(time)s is kept on this device and was never saved."),
            "restore": _("Bring it back"),
            "discard": _("Throw it away"),
        }
    }
