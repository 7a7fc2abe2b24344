"""Hostile files at the addresses of an application: each is refused with its reason in the reader's language."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone, translation
from django.utils.html import escape

from grants.domain.submission import Incomplete, submit_application
from grants.models import Attachment
from network import uploads as rules
from network.scanner import EICAR
from tests.grants import builders
from tests.grants.browsing import at
from tests.grants.test_files import HOSTILE


@pytest.mark.parametrize("code", ["en", "ar"])
def test_each_is_refused_by_the_page_with_its_reason_and_nothing_is_kept(signed_in, draft, own_media, code):
    address = at("file", draft.opaque_id, "policy", language=code)
    for name, body, reason in HOSTILE:
        answer = signed_in.post(address, {"file": builders.pdf(name, body)})
        assert answer.status_code == 422, name
        with translation.override(code):
            words = escape(str(reason))
        # At the field, and in the summary at the top of the page.
        assert answer.content.decode().count(words) == 2, (name, reason)
    assert not Attachment.objects.exists()
    assert not own_media.exists() or not [one for one in own_media.rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("invoice\u202efdp.pdf", "invoicefdp.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "_img src=x onerror=alert(1)_.pdf"),
    ],
)
def test_a_hostile_name_is_a_harmless_one_on_the_page_and_in_the_download(signed_in, draft, name, shown):
    address = at("file", draft.opaque_id, "policy")
    assert signed_in.post(address, {"file": builders.pdf(name)}).status_code == 302
    kept = draft.attachments.get()
    assert kept.name == shown
    page = signed_in.get(address).content.decode()
    assert escape(shown) in page
    assert "\u202e" not in page
    download = signed_in.get(at("download", draft.opaque_id, kept.uuid))
    download.close()
    assert "attachment" in download["Content-Disposition"]
    assert "\u202e" not in download["Content-Disposition"]


@pytest.mark.django_db(transaction=True)
def test_a_virus_is_told_given_to_nobody_and_not_sent(settings, client):
    settings.KOINE_CLAMD = "fake"
    amina = builders.person("Amina")
    ready = builders.complete(
        builders.draft(amina, builders.round_of(builders.fund()), builders.organisation(amina)), by=amina
    )
    client.force_login(amina)
    client.post(at("file", ready.opaque_id, "policy"), {"file": builders.pdf("a.pdf", builders.PDF + EICAR)})
    infected = ready.attachments.get(removed_at=None)
    assert infected.scan == "infected"
    for name, *more in (("file", "policy"), ("check",)):
        assert "virus" in client.get(at(name, ready.opaque_id, *more)).content.decode(), name
    assert client.get(at("download", ready.opaque_id, infected.uuid)).status_code == 404
    answer = client.post(at("submit", ready.opaque_id), {})
    assert (answer.status_code, "virus" in answer.content.decode()) == (422, True)
    with pytest.raises(Incomplete):
        submit_application(ready, by=amina, at=timezone.now())
    assert default_storage.exists(infected.file.name), "kept until it is replaced, for whoever asks"
    client.post(at("file", ready.opaque_id, "policy"), {"file": builders.pdf()})
    assert client.post(at("submit", ready.opaque_id), {}).url == at("receipt", ready.opaque_id)


def test_what_is_above_the_limit_is_refused_and_says_the_limit(signed_in, draft, settings):
    settings.KOINE_UPLOAD_MAX_BYTES = 1024 * 1024
    answer = signed_in.post(
        at("file", draft.opaque_id, "policy"), {"file": builders.pdf(body=builders.PDF + b" " * 1024 * 1024)}
    )
    assert (answer.status_code, "1 MB" in answer.content.decode()) == (422, True)
    assert str(rules.TOO_LARGE)[:20] in answer.content.decode()
    assert not draft.attachments.exists()
