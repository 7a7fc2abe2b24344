"""An independent harvester (Sickle) at the portal's door, and answers judged as the protocol's schema describes them."""

from __future__ import annotations

import datetime
from typing import Any

import requests
from django.db.models import F
from django.test import Client
from django.utils import timezone
from lxml import etree
from sickle import Sickle

from practices.models import HarvestRecord

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What stands in each element, in this order: http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd knows sequences only.
SEQUENCES = {
    "Identify": ["repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord", "granularity"],
    "ListMetadataFormats": ["metadataFormat+"],
    "metadataFormat": ["metadataPrefix", "schema", "metadataNamespace"],
    "ListSets": ["set+", "resumptionToken?"],
    "set": ["setSpec", "setName", "setDescription*"],
    "GetRecord": ["record"],
    "ListRecords": ["record+", "resumptionToken?"],
    "ListIdentifiers": ["header+", "resumptionToken?"],
    "record": ["header", "metadata?"],
    "header": ["identifier", "datestamp", "setSpec*"],
}  # fmt: skip
ELEMENTS = {
    "title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "format", "identifier",
    "source", "language", "relation", "coverage", "rights",
}  # fmt: skip


class Harvester(Sickle):
    """Sickle, whose requests reach the portal without a network; what it reads and follows is its own affair."""

    def __init__(self, client: Client, http_method: str = "GET") -> None:
        super().__init__("http://127.0.0.1:8000/oai", http_method=http_method)
        self.client, self.asked = client, 0

    def _request(self, kwargs: dict[str, Any]) -> requests.Response:
        self.asked += 1
        given = self.client.get("/oai", kwargs) if self.http_method == "GET" else self.client.post("/oai", kwargs)
        told = requests.Response()
        told.status_code, told._content, told.headers["Content-Type"] = 200, given.content, given["Content-Type"]
        told.encoding = "utf-8"
        return told


def settle() -> None:
    """As if the seconds had passed after which lists tell what has just changed."""
    just_now = HarvestRecord.objects.filter(datestamp__gt=timezone.now() - datetime.timedelta(minutes=1))
    just_now.update(datestamp=F("datestamp") - datetime.timedelta(hours=1))


def ask(client: Client, **arguments: Any) -> etree._Element:
    """The element that answers: of a verb, or an error. The whole answer was judged."""
    response = client.get("/oai", {name.rstrip("_"): value for name, value in arguments.items()})
    return judged(response)


def judged(response: Any) -> etree._Element:
    """The same of a response."""
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(response.content)
    assert root.tag == f"{OAI}OAI-PMH"
    moment, request, *answers = root
    assert (moment.tag, request.tag) == (f"{OAI}responseDate", f"{OAI}request")
    datetime.datetime.strptime(moment.text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
    assert request.text == "http://127.0.0.1:8000/oai"
    (answer,) = answers
    if answer.tag != f"{OAI}error":
        assert f"{OAI}{request.get('verb')}" == answer.tag
        _judge(answer)
    return answer


def code(answer: etree._Element) -> str:
    """The code of an error."""
    assert answer.tag == f"{OAI}error", etree.tostring(answer)
    assert answer.text
    return answer.get("code")


def _judge(element: etree._Element) -> None:
    name = etree.QName(element).localname
    if name in {"metadata", "setDescription"}:
        (described,) = element
        assert described.tag == "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
        for said in described:
            assert said.tag.removeprefix(DC) in ELEMENTS
            assert set(said.attrib) <= {LANG}
            assert said.text
        return
    if name not in SEQUENCES:
        assert not len(element), name
        return
    rest = [etree.QName(part).localname for part in element]
    for wanted in SEQUENCES[name]:
        plain, how = wanted.rstrip("+*?"), wanted[-1]
        times = 0
        while rest and rest[0] == plain:
            rest.pop(0)
            times += 1
        assert times >= (how not in "*?"), (name, wanted)
        assert times <= 1 or how in "+*", (name, wanted)
    assert rest == [], (name, rest)
    for part in element:
        _judge(part)
