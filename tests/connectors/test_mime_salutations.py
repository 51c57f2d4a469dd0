"""The word that a mail greets its one recipient with, and that nothing else of its text is ever told."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mime.beginning import read_beginning
from connectors.mime.reading import MailMaker, read_message
from connectors.mime.salutations import Form, find_salutation, forms
from connectors.types import Address

UTE = Address("ute.lindner@example.org", "Dr. Ute Lindner")
WORDS = {word for of_language in forms().values() for word in of_language}


@pytest.mark.parametrize(
    ("beginning", "word"),
    [
        ("Hi Ute,\n\nhow are you?", "Hi"),
        ("hi ute\n\nhow are you?", "Hi"),
        ("Liebe Ute,\r\nwie geht es dir?", "Liebe"),
        ("LIEBE UTE!", "Liebe"),
        ("Sehr geehrte Frau Dr. Lindner,", "Sehr geehrte Frau Dr."),
        ("Sehr geehrte Frau Lindner,", "Sehr geehrte Frau"),
        ("Liebe Frau Lindner,", "Liebe Frau"),
        ("Hola, Ute: ¿qué tal?", "Hola"),
        ("Querida Ute:", "Querida"),
        ("Bonjour Madame,\n\nmerci", "Bonjour Madame"),
        ("Madame,", "Madame"),
        ("Grüß dich Ute,", "Grüß dich"),
        ("\u200b \n\nDear  Ute,", "Dear"),
        ("Hi Ute\nthank you", "Hi"),
        ("Dear Ute - thank you", "Dear"),
        ("Dear Ute Lindner,", "Dear"),
    ],
)
def test_the_word_before_the_recipients_name_is_told(beginning: str, word: str) -> None:
    assert find_salutation(beginning, UTE) == word


@pytest.mark.parametrize(
    "beginning",
    [
        "",
        "Hi,",
        "Hi all,",
        "Hi Bo,",  # somebody else's name, or one that auld does not know
        "High Ute,",
        "Sehr geehrte Frau Muster,",
        "Sehr geehrte Frau,",
        "Madame Lindner est venue.",
        "On Monday Ute Lindner wrote:",
        "> Hi Ute,",
        "Good news, Ute",
        "Hi there, Ute",
        "secret Ute,",
        "Hi Ute and Bo,",
        "Dear Ute I hope you are well",
        "Dear Mr. and Mrs. Lindner,",
        "Sehr geehrte Frau Lindner und Herr Müller,",
        "Sehr geehrter Herr Müller, sehr geehrte Frau Lindner,",
        "Hallo Herr und Frau Lindner,",
        "Madame, Monsieur,",
        "Bonjour Madame, Monsieur,",
        "Chère Madame, cher Monsieur,",
        "Sehr geehrte Frau Ute,",
    ],
)
def test_where_it_is_not_sure_nothing_is_told(beginning: str) -> None:
    assert find_salutation(beginning, UTE) == ""


@given(st.text(max_size=400), st.sampled_from(sorted(WORDS)), st.sampled_from([" Ute", " Lindner,", ",", ""]))
def test_nothing_but_a_word_of_the_list_is_ever_told(text: str, word: str, name: str) -> None:
    for beginning in (text, f"{word}{name}{text}", f"{text}{word}{name}"):
        assert find_salutation(beginning, UTE) in WORDS | {""}


def test_each_form_is_found_in_a_mail_that_begins_with_it() -> None:
    for language, of_language in forms().items():
        for word, form in of_language.items():
            line = form.line.replace("NAME", "Ute").replace("LAST", "Lindner")
            assert find_salutation(f"{line}\n\nHello", UTE) == word, (language, line)
            assert Form.read(form.line, form.tone) == form
            assert form.line.endswith((",", ":")), (language, form.line)


def sent(
    body: str, *, to: str = "Dr. Ute Lindner <ute.lindner@example.org>", html: str = "", charset: str = "utf-8"
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "robin@example.com", to, "<m1@example.com>"
    message["Date"] = "Thu, 01 Oct 2026 09:00:00 +0000"
    if body:
        message.set_content(body, charset=charset)
        if html:
            message.add_alternative(html, subtype="html")
    else:
        message.set_content(html, subtype="html")
    return message.as_bytes()


def salutation(content: bytes, *, of: bool | None = True) -> str:
    row = read_message(content, sent=of)
    assert row is not None
    return MailMaker().to_mail(row).salutation


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "utf-16"])
@pytest.mark.parametrize("html", ["", "<p>Something else</p>"])
def test_a_sent_mail_is_read_in_any_charset(charset: str, html: str) -> None:
    assert salutation(sent("Grüß dich Ute,\n\nwie geht's?\n", html=html, charset=charset)) == "Grüß dich"


@pytest.mark.parametrize(
    "html",
    [
        "<html><head><style>p { x: y }</style><title>Hi</title></head><body><div>Liebe&nbsp;Ute,</div><p>ja",
        "<p><b>Liebe</b> Ute,<br>ja</p>",
        "<style>a<script>b</style></script>Liebe Ute,",
    ],
)
def test_one_that_is_html_alone_too(html: str) -> None:
    assert salutation(sent("", html=html)) == "Liebe"


def test_only_sent_mail_to_one_person_is_looked_at() -> None:
    content = sent("Liebe Ute,\n")
    assert salutation(content, of=False) == ""
    assert salutation(content, of=None) == "", "nothing says that it was sent"
    assert salutation(b"X-Gmail-Labels: Sent\n" + content, of=None) == "Liebe"
    assert salutation(b"X-Gmail-Labels: Inbox\n" + content, of=None) == ""
    two = "Ute Lindner <ute.lindner@example.org>, Bo Ek <bo@example.net>"
    assert salutation(sent("Liebe Ute,\n", to=two)) == ""


@pytest.mark.parametrize(
    ("shown", "beginning", "word"),
    [
        ("LINDQVIST Greta", "Sehr geehrte Frau Lindqvist,", ""),
        ("Li Petra", "Sehr geehrte Frau Li,", ""),
        ("Petra Krause - Siemens", "Sehr geehrte Frau Krause,", ""),
        ("Petra Krause via LinkedIn", "Sehr geehrte Frau Krause,", ""),
        ("Wang Wei", "Dear Mr Wang,", ""),
        ("Petra Krause", "Sehr geehrte Frau Krause,", "Sehr geehrte Frau"),
        ("Joost van den Berg", "Geachte heer Van den Berg,", "Geachte heer"),
        ("Dr. Ute Lindner", "Sehr geehrte Frau Dr. Lindner,", "Sehr geehrte Frau Dr."),
    ],
)
def test_a_last_name_is_sure_where_it_stands_last(shown: str, beginning: str, word: str) -> None:
    assert find_salutation(beginning, Address("x1@example.org", shown)) == word


def test_what_others_wrote_in_a_mail_is_not_its_beginning() -> None:
    inner = b"From: eve@example.net\nSubject: x\n\nMy dear Ute,\n"
    head = b"To: Ute Lindner <ute.lindner@example.org>\nMessage-ID: <m1@example.com>\n"
    mixed = head + b"Content-Type: multipart/mixed; boundary=b\n\n"
    html = b"--b\nContent-Type: text/html\n\n<blockquote>Dearest Ute,</blockquote><p>Liebe Ute,</p>\n"
    attached = b"--b\nContent-Type: message/rfc822\n\n" + inner
    named = b'--b\nContent-Type: text/plain\nContent-Disposition: inline; filename="letter.txt"\n\nHi Ute,\n'
    assert salutation(mixed + html + attached + b"--b--\n") == "Liebe"
    assert salutation(mixed + html + named + b"--b--\n") == "Liebe"
    assert salutation(mixed + attached + b"--b--\n") == ""
    assert salutation(head + b"Content-Type: message/rfc822\n\n" + inner) == ""


def test_what_is_attached_is_no_beginning() -> None:
    message = EmailMessage()
    message["To"], message["Message-ID"] = "Ute Lindner <ute.lindner@example.org>", "<m1@example.com>"
    message.set_content("")
    message.clear_content()
    message.add_attachment("Liebe Ute,", filename="letter.txt")
    assert salutation(message.as_bytes()) == ""


@given(st.lists(st.sampled_from([
    b"Content-Type: multipart/mixed; boundary=x\n", b"Content-Type: text/plain; charset=nope\n", b"\n--x\n", b"\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: uuencode\n", b"Hi Ute,", b"<p>", b"<!", b"]]>",
    b"\xff\xfe", b"\x00", b"=?utf-8?q?", b"Content-Disposition: attachment\n", b"Content-Type: text/html\n", b"&#x;",
]), max_size=60).map(b"".join))  # fmt: skip
def test_no_bytes_make_it_raise(content: bytes) -> None:
    assert isinstance(read_beginning(content), str)


def test_a_message_of_ten_thousand_nested_parts_has_no_beginning_or_one() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(2_000))
    assert isinstance(read_beginning(nested + b"\nLiebe Ute,\n"), str)
    assert isinstance(read_beginning(b"Content-Type: text/html\n\n" + b"<p " * 30_000), str)
    assert isinstance(read_beginning(b"Content-Type: text/html\n\n" + b"<!--" * 20_000), str)
