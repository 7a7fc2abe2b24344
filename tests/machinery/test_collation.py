"""Names stand in the order of the reader's alphabet."""

import pytest

from network.collation import sort_key


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("en", "Århus Aten Gdańsk Ghent Łódź Oslo Zürich"),
        ("sv", "Aarau Aten Oslo Zürich Århus Ängelholm Örebro"),
        ("da", "Aten Oslo Zürich Ærø Øster Aalborg Århus"),
        ("is", "Akureyri Árborg Ísafjörður Reykjavík Zagreb Þorlákshöfn Ölfus"),
        ("es", "Nantes Ñuñoa Oslo"),
        ("el", "Άγιος Αθήνα Ηράκλειο Θεσσαλονίκη Ωραιόκαστρο Paris"),
        ("ar", "أثينا بيروت تونس جدة Oslo"),
        ("fa", "بیروت پاریس تهران چاد کابل گراتس"),
        ("ur", "بیروت پیرس ٹوکیو ڈربن کابل"),
        ("en", "1st 2nd A"),
    ],
)
def test_the_order_is_that_of_the_language(code, names):
    wanted = names.split()
    shuffled = list(reversed(wanted))
    shuffled.sort(key=lambda name: sort_key(name, code))
    assert shuffled == wanted
