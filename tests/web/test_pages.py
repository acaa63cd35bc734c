"""Pages are drawn when the transaction has ended."""

from __future__ import annotations

import pytest

from tests.visitor import Visitor

ENDS = {"COMMIT", "ROLLBACK"}


@pytest.mark.parametrize("path", ["/", "/auth/login", "/preferences", "/menu/", "/recipes/", "/recipes/catalogue"])
def test_drawing_a_page_asks_the_database_nothing(person: Visitor, statements: list[str], path: str) -> None:
    assert person.get(path).status_code == 200
    assert [statement for statement in statements if statement in ENDS] == ["COMMIT"]
    assert statements[-1] == "COMMIT"


@pytest.mark.parametrize("path", ["/preferences", "/menu/"])
def test_nor_does_drawing_a_form_that_could_not_be_used(person: Visitor, statements: list[str], path: str) -> None:
    token = {"X-CSRFToken": person.token()}
    statements.clear()
    answer = person.client.post(path, headers=token)
    assert answer.status_code == 422
    assert person.email in answer.text
    assert [statement for statement in statements if statement in ENDS] == ["ROLLBACK"]
    assert statements[-1] == "ROLLBACK"


@pytest.mark.parametrize("path", ["/nowhere", "/menu/00000000-0000-0000-0000-000000000007"])
def test_a_page_that_is_not_there_leads_on_for_a_person_who_is_signed_in(person: Visitor, path: str) -> None:
    """A stranger is offered the start alone."""
    page = person.get(path)
    assert page.status_code == 404
    assert all(f'href="{place}"' in page.text for place in ("/menu/", "/shopping/", "/recipes/catalogue"))
    stranger = Visitor(person.app).get("/nowhere").text
    assert 'href="/menu/"' not in stranger
