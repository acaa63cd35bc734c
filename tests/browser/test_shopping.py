"""Shopping with phones: two at once, one without a connection for a while, by a link, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.accessibility import violations
from tests.browser.conftest import playwright
from tests.browser.pages import KEPT, ask_for_a_week, sign_up
from tests.installation import Installation
from tests.waiting import PATIENCE, eventually

pytestmark = [pytest.mark.process, pytest.mark.browser]

Open = Callable[..., Any]

ROWS = "rows => rows.map(row => row.id)"
SWAP = """async () => {
  const get = (address) => fetch(address, {headers: {Accept: "application/json"}}).then((answer) => answer.json());
  const address = location.pathname.replace("/shopping", "");
  const menu = await get(address);
  const meal = menu.days[2].meals.find((meal) => meal.slot === "dinner");
  const token = document.querySelector("[name=csrf-token]").content;
  const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
  const body = JSON.stringify({version: menu.version});
  return (await fetch(`${address}/meals/${meal.id}/swap`, {method: "POST", headers, body})).status;
}"""
LIST = "fetch(location, {headers: {Accept: 'application/json'}}).then(answer => answer.json())"


@pytest.fixture
def phone(browser: Any, installation: Installation) -> Iterator[Open]:
    """Return `phone(like=...)`, which opens a page in a profile of its own, signed in like another page's."""
    contexts = []

    def opened(like: Any = None, **options: Any) -> Any:
        state = like.context.storage_state() if like else None
        size = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
        context = browser.new_context(base_url=installation.address, storage_state=state, **size, **options)
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def shopper(phone: Open) -> Any:
    """Return the phone of a person who has planned a week, with its list open."""
    page = phone()
    sign_up(page)
    ask_for_a_week(page)
    page.get_by_role("link", name="Shopping list").click()
    page.wait_for_url("**/shopping")
    return page


def rows(page: Any) -> list[str]:
    """Return the ids of what is to be bought."""
    found: list[str] = page.locator(".row.open:not(.check)").evaluate_all(ROWS)
    return found


def press(page: Any, *ids: str) -> None:
    """Tap rows."""
    for id_ in ids:
        page.locator(f"#{id_} .get").click()


def pressed(page: Any, *ids: str) -> None:
    """Expect that these rows are ticked."""
    for id_ in ids:
        playwright.expect(page.locator(f"#{id_} .get")).to_have_attribute("aria-pressed", "true")


def bought(page: Any) -> dict[str, bool]:
    """Return the rows of which the server knows that something was bought -> whether it is enough."""
    lines = page.evaluate(LIST)["lines"]
    return {f"food-{line['food']}": line["state"] == "bought" for line in lines if line["bought"]}


def test_two_phones_shop_while_dinner_changes_and_one_is_offline(shopper: Any, phone: Open) -> None:
    """They come home with everything, and with nothing twice."""
    ann, address = shopper, shopper.url
    ben = phone(like=ann)
    ben.goto(address)
    eventually(lambda: ben.evaluate(KEPT, 1), "the kept list")
    first, second, third, fourth, fifth = rows(ann)[:5]
    ben.context.set_offline(True)
    press(ben, first, second, third)
    playwright.expect(ben.locator("#waiting")).to_have_text(
        "No connection. 3 ticks wait on this phone and will be sent when you are back."
    )
    ben.reload()
    pressed(ben, first, second, third)
    press(ben, third)
    press(ann, second, fourth, fifth)
    pressed(ann, second, fourth, fifth)
    # The oldest tick was under way while the connection went, so it may have arrived; sent again, it counts once.
    eventually(lambda: bought(ann).keys() - {first} == {second, fourth, fifth}, "three ticks")
    assert ann.evaluate(SWAP) == 200
    ann.reload()
    playwright.expect(ann.get_by_role("heading", name="Changed since you started shopping")).to_be_visible()
    ben.context.set_offline(False)
    playwright.expect(ben.locator("#waiting")).to_be_hidden()
    eventually(lambda: bought(ann).keys() == {first, second, fourth, fifth}, "everything")
    enough = [row for row, whole in bought(ann).items() if whole]  # the new dinner may need more of what was bought
    pressed(ben, *enough)
    ann.reload()
    pressed(ann, *enough)
    ticked = [line["ticks"] for line in ann.evaluate(LIST)["lines"] if f"food-{line['food']}" == second]
    assert [len(ticks) for ticks in ticked] == [2]


def test_a_tick_sinks_in_its_aisle_and_can_be_taken_back(shopper: Any) -> None:
    """Said to those who do not see it, without a reload, and where the person is."""
    first, second, *_ = rows(shopper)
    shopper.evaluate("window.here = true")
    name = shopper.locator(f"#{first} .what b").inner_text()
    press(shopper, first)
    playwright.expect(shopper.locator("#said")).to_have_text(f"{name}: bought.")
    playwright.expect(shopper.locator(".aisle .row").first).to_have_attribute("id", second)
    playwright.expect(shopper.locator(".so-far b")).to_have_text("1")
    press(shopper, first)
    playwright.expect(shopper.locator(".so-far b")).to_have_text("0")
    playwright.expect(shopper.locator(".aisle .row").first).to_have_attribute("id", first)
    assert shopper.evaluate("window.here")


def test_the_dish_and_the_day_are_one_tap_away(shopper: Any) -> None:
    row = shopper.locator(".row").first
    row.locator("summary").click()
    playwright.expect(row.locator(".more li").first).to_be_visible()
    row.get_by_role("button", name="Not today").click()
    playwright.expect(shopper.get_by_role("heading", name="Not today")).to_be_visible()
    assert violations(shopper) == []
    assert shopper.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_link_is_ticked_without_an_account_until_it_is_ended(shopper: Any, phone: Open) -> None:
    """What is ticked there is ticked on the owner's list."""
    shopper.get_by_role("link", name="Share this list").click()
    shopper.get_by_role("button", name="Make a link").click()
    link = shopper.get_by_role("textbox", name="Link").input_value()
    assert violations(shopper) == []
    friend = phone()
    friend.goto(link)
    first, second, *_ = rows(friend)
    press(friend, first)
    playwright.expect(friend.locator(f"#{first}.pending")).to_have_count(0)  # the server has it
    friend.context.set_offline(True)
    press(friend, second)
    playwright.expect(friend.locator("#waiting")).to_contain_text("1 tick waits")
    friend.context.set_offline(False)
    playwright.expect(friend.locator("#waiting")).to_be_hidden()
    assert violations(friend) == []
    shopper.get_by_role("link", name="Shopping list").click()
    pressed(shopper, first, second)
    shopper.get_by_role("link", name="Share this list").click()
    shopper.get_by_role("button", name="End it now").click()
    playwright.expect(shopper.get_by_role("textbox", name="Link")).to_have_count(0)
    friend.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # what looking again begins with
    playwright.expect(friend.locator("#said")).to_have_text("This list is not shared any more.")
    assert friend.goto(link).status == 404


def test_a_list_works_without_scripts(shopper: Any, phone: Open) -> None:
    """Each tap is a form, which leads back to where it was."""
    plain = phone(like=shopper, java_script_enabled=False)
    plain.goto(shopper.url)
    first = plain.locator(".row.open:not(.check)").first.get_attribute("id")
    plain.locator(f"#{first} .get").click()
    pressed(plain, str(first))
    playwright.expect(plain).to_have_url(re.compile(f"#{first}$"))
    plain.get_by_label("Something of your own").fill("Kitchen roll")
    plain.get_by_role("button", name="Add", exact=True).click()
    playwright.expect(plain.get_by_text("“Kitchen roll” is on your list.")).to_be_visible()
    plain.get_by_role("button", name="Kitchen roll").click()
    playwright.expect(plain.locator(".row.bought").filter(has_text="Kitchen roll")).to_be_visible()


def test_signing_out_leaves_no_tick_behind(shopper: Any) -> None:
    """One that could not be sent is asked about first."""
    shopper.route("**/shopping", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    press(shopper, rows(shopper)[0])
    playwright.expect(shopper.locator("#waiting")).to_be_visible()
    shopper.once("dialog", lambda dialog: dialog.accept())
    shopper.get_by_role("button", name="Sign out").click()
    playwright.expect(shopper.get_by_role("link", name="Create an account")).to_be_visible()
    assert shopper.evaluate("Object.keys(localStorage).filter(key => key.startsWith('ticks ')).length") == 0
