"""Rule "Is there a person behind an address?": role addresses, the soft no, and the human name that overrides it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.people import human_name, is_role


@pytest.mark.parametrize(
    "words",
    [
        "info sales support jobs billing team office hello contact",
        "info marketing abuse noc security hostmaster usenet news webmaster www uucp ftp",  # RFC 2142
        "kontakt buchhaltung bewerbung sekretariat",
        "accueil comptabilite recrutement secretariat",
        "ventas rrhh facturacion atencionalcliente",
        "klantenservice boekhouding vacatures receptie",
        "vendas atendimento financeiro recrutamento",
        "segreteria amministrazione ufficiostampa prenotazioni",
    ],
    ids=["rules", "rfc2142", "de", "fr", "es", "nl", "pt", "it"],
)
def test_a_role_in_each_language_is_a_soft_no(words: str) -> None:
    for local in words.split():
        assert is_role(f"{local}@example.com")
        assert is_role(f"{local.upper()}@example.com")


@pytest.mark.parametrize(
    "local",
    ["customer-service", "customer.service", "customer_service", "sales2", "info-de", "uk.sales", "sales-team", "büro"],
)
def test_a_role_is_found_whatever_joins_it(local: str) -> None:
    assert is_role(f"{local}@example.com")


@pytest.mark.parametrize("local", ["chess-request", "chess-owner", "owner-chess", "chess-club-unsubscribe", "info+x"])
def test_what_list_software_adds_is_a_role(local: str) -> None:
    assert is_role(f"{local}@example.com")


@pytest.mark.parametrize(
    "local",
    [
        "lakshmi",
        "lakshmi.hutchinson",
        "hutch-99",
        "j.sales.lee",
        "team.lakshmi",
        "me",
        "mail",
        "dean",
        "mark",
        "ola",
        "infoline99x",
        "12345",
        "",
        "-",
        "anna.information",
        "kim.sales",
        "job",
    ],
)
def test_a_person_is_no_role(local: str) -> None:
    assert not is_role(f"{local}@example.com")


@pytest.mark.parametrize(
    "name",
    [
        "Lakshmi Hutchinson",
        "Hutchinson, Lakshmi (HR)",
        "bob smith",
        "Siobhán O'Brien",
        "Jean-Luc van der Berg",
        "K. Kraus",
        "田中 太郎",
        "Иван Сидоров",
        "Carlos Sales",
        "मोहन कुमार",
    ],
)
def test_a_two_word_name_is_human(name: str) -> None:
    assert human_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Acme Support",
        "Sales Team",
        "The Acme Team",
        "Acme Inc.",
        "Beispiel GmbH",
        "Bob Smith via LinkedIn",
        "Lakshmi",
        "Jane from Acme",
        "Jane Doe | Acme",
        "jane doe@example.com",
        "",
        "  ",
        "Room 12 B",
        "A B",
        "Unknown User",
        "J. K.",
        "one two three four five six seven",
    ],
)
def test_a_company_a_role_or_one_word_is_not_human(name: str) -> None:
    assert not human_name(name)


def test_a_name_that_begins_with_the_domains_own_is_a_companys() -> None:
    assert human_name("Acme Robotics")
    assert not human_name("Acme Robotics", "info@acme.example")
    assert human_name("Lakshmi Hutchinson", "info@hutchinson.example")


@given(st.text(max_size=300), st.text(max_size=80))
def test_no_text_however_strange_raises(name: str, email: str) -> None:
    assert human_name(name, email) in {True, False}
    assert is_role(email) in {True, False}
