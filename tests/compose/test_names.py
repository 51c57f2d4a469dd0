"""Whom a draft greets, and how: the greeting rules, and names made to break them."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.compose.greeting import LONGEST, first_name, greeting
from daemon.settings import Formality, Language

PEOPLE = [
    ("Priya Raman", "p@example.com", "Priya"),
    ("RAMAN, Priya (Legal)", "p@example.com", "Priya"),
    ("Raman, Priya [External]", "p@example.com", "Priya"),
    ("priya.raman@example.com", "priya.raman@example.com", "Priya"),
    ("", "priya.r@example.com", ""),
    ("", "praman", ""),
    ("", "praman@example.com", ""),
    ("", "priya.raman+lists@example.com", "Priya"),
    ("", "tom.b.hollis7@example.com", "Tom"),
    ("", "customer.support@example.com", ""),
    ("", "no-reply.tom@example.com", ""),
    ("Prof. Aino-Liisa af Ekström", "a@example.com", "Aino-Liisa"),
    ("Dr. Weber", "w@example.com", ""),
    ("Mrs", "w@example.com", ""),
    ("佐藤 花子", "s@example.com", "佐藤"),
    ("佐藤花子", "s@example.com", "佐藤花子"),
    ("박서연", "b@example.com", "박서연"),
    ("Trần Thị Mai", "m@example.com", "Mai"),
    ("Zhang Wei", "z@example.com", ""),
    ("Wei Zhang", "z@example.com", "Wei"),
    ("ZHANG Wei", "z@example.com", "Wei"),
    ("Zhang Wei", "wei.zhang@example.com", "Wei"),
    ("'Tom Hollis' via Garden Club", "garden@lists.example.org", "Tom"),
    ("Tom Hollis via garden", "garden@lists.example.org", "Tom"),
    ("Tom Hollis via SomeNetwork", "messages@example.net", ""),
    ("Tom Hollis (via Some Docs)", "comments-noreply@example.net", ""),
    ('Thomas "Tom" Hollis', "t@example.com", "Tom"),
    ("Thomas (Tom) Hollis", "t@example.com", "Tom"),
    ("Hollis, Thomas B., Jr.", "t@example.com", "Thomas"),
    ("B. Thomas Hollis", "t@example.com", "Thomas"),
    ("T.J. Hollis", "t@example.com", "T.J."),
    ("T Hollis", "t@example.com", ""),
    ("Mary Jane Watts", "m@example.com", "Mary Jane"),
    ("Marc Antoine Van Aken", "m@example.com", "Marc"),
    ("Jean Pierre Van Aken", "m@example.com", "Jean Pierre"),
    ("TOM HOLLIS", "t@example.com", "Tom"),
    ("tom hollis", "t@example.com", "Tom"),
    ("da Silva, Ana Luisa", "a@example.com", "Ana Luisa"),
    ("Miguel de Sá", "m@example.com", "Miguel"),
    ("D'Arcy, Niamh", "n@example.com", "Niamh"),
    ("Анна Сергеевна Козлова", "a@example.com", "Анна"),
    ("Козлова Анна Сергеевна", "a@example.com", "Анна"),
    ("Kozlova Anna Sergeevna", "a@example.com", "Anna"),
    ("Козлов Игорь", "i@example.com", "Игорь"),
    ("Ирина Козлова", "i@example.com", "Ирина"),
    ("فاطمة الزهراء", "f@example.com", "فاطمة"),
    ("लक्ष्मी मेनन", "l@example.com", "लक्ष्मी"),
    ("Globex Sales", "hello@example.com", ""),
    ("Globex", "t@globex.example", ""),
    ("Nora from Globex", "nora@example.com", "Nora"),
    ("Nora Lind | Globex Ltd.", "nora@example.com", "Nora"),
    ("Nora Lind, MBA", "nora@example.com", "Nora"),
    ("Nora Lind, Oslo", "n@example.com", ""),
    ("=?UTF-8?Q?Zo=C3=AB?= Martin", "z@example.com", "Zoë"),
    ("=?UTF-8?B?####?= Martin", "z@example.com", ""),
    ("Zoë Martin 🌵 (they/them)", "z@example.com", "Zoë"),
    ("Hollis Tom", "tom.hollis@example.com", "Tom"),
    ("{{ 7*7 }} Hollis", "t@example.com", ""),
    ("<b>Tom</b>", "t@example.com", ""),
    ("Tom\r\nBcc: x@example.net", "t@example.com", ""),
    ("\u202eTom\u200b Hollis\x00", "t@example.com", "Tom"),
    ("T" * 10_000, "t@example.com", ""),
    ("None", "t@example.com", ""),
    ("", "", ""),
    ("DANIEL LIND-BROOKHAM", "d@example.com", "Daniel"),
    ("FELIX O'THORN", "f@example.com", "Felix"),
    ("Jonas Quillwicz", "quillwicz.jonas@example.com", "Jonas"),
    ("Marshbach, Clara", "marshbach.clara@example.com", "Clara"),
    ("Qorwe Tanrim", "tanrim.qorwe@example.com", ""),
    ("K. Caststad", "caststad.karla@example.com", ""),
    ("A. O'Larchbach", "olarchbach.anna@example.com", ""),
    ("Amanda.Dahlwood", "a@example.com", "Amanda"),
    ("BrunoNordbach", "b@example.com", "Bruno"),
    ("BernardMarshević", "b@example.com", "Bernard"),
    ("Simon.van.der.Rothmann", "s@example.com", "Simon"),
    ("José.Vester-Carlaud", "j@example.com", "José"),
    ("LaToya", "l@example.com", "LaToya"),
]


@pytest.mark.parametrize(("display", "email", "expected"), PEOPLE)
def test_a_first_name_is_told_or_left_out(display: str, email: str, expected: str) -> None:
    """Rule "Greeting": unsure means no name."""
    assert first_name(display, email) == expected


def test_a_listed_greeting_wins_over_all_else() -> None:
    assert greeting("Dear Professor Raman", "Hey", "Priya Raman", "p@example.com", "en") == "Dear Professor Raman,"
    assert greeting("Hi Priya!", "", "Priya Raman", "p@example.com", "en") == "Hi Priya!"


def test_a_learned_salutation_comes_before_the_built_in_one() -> None:
    assert greeting("", "Dear", "Priya Raman", "p@example.com", "en") == "Dear Priya,"
    assert greeting("", "", "Priya Raman", "p@example.com", "en") == "Hi Priya,"


@pytest.mark.parametrize(
    ("word", "name", "language", "formality", "line"),
    [
        ("Hola", "Priya Raman", "es", "informal", "Hola, Priya:"),
        ("Querida", "Priya Raman", "es", "informal", "Querida Priya:"),
        ("Estimada", "Priya Raman", "es", "formal", "Estimada Priya:"),
        ("Querida", "Priya Raman", "pt", "informal", "Querida Priya,"),
        ("Oi", "Priya Raman", "pt", "informal", "Oi, Priya,"),
        ("Liebe", "Ute Lindner", "de", "formal", "Liebe Ute,"),
        ("Sehr geehrte Frau Dr.", "Dr. Ute Lindner", "de", "formal", "Sehr geehrte Frau Dr. Lindner,"),
        ("Sehr geehrte Frau", "Lindner, Ute", "de", "formal", "Sehr geehrte Frau Lindner,"),
        ("Liebe Frau", "Prof. Dr. Ute Lindner", "de", "formal", "Liebe Frau Lindner,"),
        ("Geachte heer", "Joost van den Berg", "nl", "formal", "Geachte heer Van den Berg,"),
        ("Gentile dottor", "Matteo De Santis", "it", "formal", "Gentile dottor De Santis,"),
        ("Bonjour Madame", "Hélène Carlaud", "fr", "formal", "Bonjour Madame,"),
        # What makes no beginning here:
        ("Grüß dich", "Ute Lindner", "de", "formal", "Guten Tag Ute Lindner,"),
        ("Coucou", "Hélène Carlaud", "fr", "formal", "Bonjour,"),
        ("Estimado Sr.", "Gabriel García Márquez", "es", "formal", "Buenos días, Gabriel García Márquez:"),
        ("Estimada Sra.", "María del Carmen López Ruiz", "es", "formal", "Buenos días:"),
        ("Dear Ms", "Ivanova Anna Petrovna", "en", "formal", "Hi Anna,"),
        ("Sehr geehrte Frau", "Ute Lindner", "de", "informal", "Hallo Ute,"),
        ("Bonjour Madame", "Hélène Carlaud", "fr", "informal", "Bonjour Hélène,"),
        ("Dear", "Ute Lindner", "de", "informal", "Hallo Ute,"),
        ("Sehr geehrte Frau", "Ute", "de", "formal", "Guten Tag,"),
        ("Sehr geehrte Frau", "Ute Lindner (Example AG)", "de", "formal", "Sehr geehrte Frau Lindner,"),
        ("Sehr geehrte Frau", "Lindner Example GmbH", "de", "formal", "Guten Tag,"),
        ("Liebe", "U. Lindner", "de", "informal", "Hallo,"),
    ],
)
def test_a_learned_salutation_is_made_a_line_of_its_language(
    word: str, name: str, language: Language, formality: Formality, line: str
) -> None:
    assert greeting("", word, name, "x@example.com", language, formality) == line


def test_without_a_sure_name_the_greeting_is_hello() -> None:
    assert greeting("", "Dear", "P Raman", "p@example.com", "en") == "Hello,"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Ute Lindner", "Guten Tag Ute Lindner,"),
        ("Dr. Ute Lindner", "Guten Tag Dr. Ute Lindner,"),
        ("Prof. Dr. Ute Lindner", "Guten Tag Prof. Dr. Ute Lindner,"),
        ("LINDNER, Ute", "Guten Tag,"),
        ("Ute Lindner (EXT)", "Guten Tag,"),
        ("Ute", "Guten Tag,"),
        ("U. Lindner", "Guten Tag,"),
    ],
)
def test_a_formal_greeting_has_the_whole_name_if_it_is_sure(name: str, line: str) -> None:
    assert greeting("", "", name, "x@example.com", "de", "formal") == line


@pytest.mark.parametrize("word", ["{{ x }}", "Hi <b>", "a@example.com", "x" * 400, "Hi\nBcc:", "12"])
def test_a_strange_salutation_is_not_used(word: str) -> None:
    assert greeting("", word, "Priya Raman", "p@example.com", "en") == "Hi Priya,"


anything = st.text(max_size=60)
namelike = st.lists(
    st.one_of(
        st.sampled_from(
            ["Dr.", "Prof", "Mrs", "Tom", "O'Neil", "van", "de", "Jr.", "J.", ",", "via", "|", "(x)", "@", "🌵"]
        ),
        st.text(max_size=12),
    ),
    max_size=6,
).map(" ".join)


@given(anything | namelike, anything | st.emails())
@example("Mr", "a@example.com")
@example("Dr. Dr.", "a@example.com")
def test_a_greeting_is_never_odd(display: str, email: str) -> None:
    line = greeting("", "", display, email, "en")
    assert line == "Hello," or (line.startswith("Hi ") and line.endswith(","))
    assert len(line) <= LONGEST
    assert not any(char in '@{}<>[]()"|/\\' for char in line)
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in line)
    assert first_name(display, email).casefold().rstrip(".") not in {
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sir",
        "herr",
        "frau",
    }


@given(
    st.sampled_from(["Tom Hollis via {}", "{} via Tom", "'{}' via {}"]),
    st.sampled_from(["Garden List", "Team", "Globex Inc"]),
)
def test_a_list_is_never_greeted_by_its_name(form: str, name: str) -> None:
    assert first_name(form.format(name, name), "garden@lists.example.org") in {"", "Tom"}
