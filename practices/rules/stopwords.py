"""Words that carry no meaning in a search, of all fourteen languages together: the reader's language of typing is unknown.

Left out of a query as long as another word remains. Only function words that are no content word in another of the
languages stand here; the lists are our own choice. They are compared after `network.text.normalise`.
"""

from __future__ import annotations

from network.text import normalise

BY_LANGUAGE = {
    "en": "a an and are as at be by for from how in is it of on or our that the their this to was what which with",
    "ar": "في من على الى إلى عن مع هذا هذه ذلك التي الذي الذين أو او ثم بين كل كان ان أن لا ما و",
    "el": "ο η το οι τα του της των τον την τους τις στο στη στην στον στα στις στους και ή για με από σε να που πως ένα μια ένας ως κατά",
    "it": "il lo la i gli le un uno una di a da in con su per tra fra e o ed che del della dei delle dello degli al alla ai alle dal dalla nel nella nei nelle sul sulla l d dell all nell sull",
    "sv": "en ett och i på av för med till från om att som det den de mot hos vid är",
    "fr": "le la les un une des de du d l et ou à au aux en dans par pour sur avec que qui ce cette ces est",
    "fa": "در از به با برای و که این آن را تا یا بر ها های می نمی",
    "ur": "میں سے کے کی کا کو اور پر نے یہ وہ ہے ہیں تک یا",
    "da": "en et og i på af for med til fra om at som det den de mod ved er",
    "nb": "en et ei og i på av for med til fra om at som det den de mot ved er",
    "fi": "ja tai on ei se että kun jos myös sekä",
    "is": "og í á af um að sem það er til við með fyrir frá",
    "es": "el la los las un una unos unas de del a al en con por para y o que se su sus",
    "de": "der die das den dem des ein eine einer eines einem einen und oder in im an am auf für mit von vom zu zum zur bei ist",
}  # fmt: skip
STOP_WORDS = frozenset(word for words in BY_LANGUAGE.values() for word in normalise(words).split())
