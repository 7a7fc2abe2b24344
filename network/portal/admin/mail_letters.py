"""A mail as its recipient will see it: its head, its HTML in a frame that can do nothing, and its text."""

from __future__ import annotations

from dataclasses import dataclass
from email.header import decode_header, make_header

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from network.languages import direction
from network.mail.documents import compose
from network.mail.messages import DIGEST
from network.mail.models import OutgoingMail
from network.outgoing import KINDS

# The mail's own style attributes, and nothing else: no script, picture, font or form, and only the admin frames it.
FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
# What a page that shows a letter asks beyond the policy of all pages.
SHOWS_FRAME = {"frame-src": ["'self'"]}
HEADERS = ("Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")


class NotShown(Exception):
    """This mail is not shown; the sentence says why."""


@dataclass(frozen=True)
class Letter:
    """A mail made ready for looking at. `headers` are (name, value), those that are empty left out."""

    language: str
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]


def readable(*addresses: str) -> str:
    """Addresses as a mail program shows them, names in their own script (RFC 2047 undone)."""
    return ", ".join(str(make_header(decode_header(address))) for address in addresses)


def letter_of(mail: OutgoingMail) -> Letter:
    """The mail as it would be sent now, in the recipient's language. Raises NotShown with the reason in words.

    What carries a link that opens something is never made.
    """
    kind = KINDS.get(mail.kind)
    if kind is None:
        raise NotShown(_("Not shown: the portal no longer sends this kind of message."))
    if kind.secret:
        raise NotShown(_("Not shown: this message carries a link that is for the recipient alone."))
    try:
        made = compose(mail)
    except Exception as error:
        # One mail that can't be made must not hide the page on which somebody would stop it.
        if isinstance(error, LookupError) and (mail.deadline or mail.kind == DIGEST.kind):
            raise NotShown(_("Nothing to show: what it would tell is over or gone.")) from error
        raise NotShown(_("It can’t be shown: %(error)s") % {"error": type(error).__name__}) from error
    html = next((str(part.content) for part in made.alternatives if part.mimetype == "text/html"), "")
    told = {"From": readable(made.from_email), "To": readable(*made.to), "Reply-To": readable(*made.reply_to)}
    told |= {name: str(made.extra_headers.get(name, "")) for name in HEADERS}
    if mail.pk is None:
        # A mail that is only looked at has no number yet.
        del told["Message-ID"]
    headers = tuple((name, value) for name, value in told.items() if value)
    return Letter(mail.language, str(made.subject), str(made.body), html, headers)


def letter_words(mail: OutgoingMail, frame_url: str) -> SafeString:
    """The letter as a piece of a page, or the sentence that says why it is not shown."""
    try:
        letter = letter_of(mail)
    except NotShown as refusal:
        return SafeString(render_to_string("admin/mail_letter.html", {"refusal": str(refusal)}))
    shown = {"refusal": "", "letter": letter, "direction": direction(letter.language), "frame_url": frame_url}
    return SafeString(render_to_string("admin/mail_letter.html", shown))


def frame_answer(mail: OutgoingMail) -> HttpResponse:
    """The letter's HTML alone, for the frame. Http404 where it is not shown."""
    try:
        answer = HttpResponse(letter_of(mail).html)
    except NotShown as refusal:
        raise Http404(str(refusal)) from refusal
    answer["Content-Security-Policy"] = FRAME_POLICY
    answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer
