"""What a release of the application does on an ordinary day, run with that release's code: read, write, plan.

Run as a program, with the package on PYTHONPATH and the database at DATABASE_URL; prints `well` at the end. It imports
nothing of today's tests and only what earlier releases have too.
"""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

from mealplanner.jobs.tasks import JobContext
from mealplanner.menu.generation.job import generate
from mealplanner.wsgi import app

ACCOUNT = {"email": f"{uuid.uuid4().hex}@example.org", "password": "correct horse battery"}


def live() -> None:
    """Register, save preferences, have a menu made, read it, rate a dish, delete the menu, sign in again."""
    client = app.test_client()

    def get(path: str, status: int = 200) -> Any:
        answer = client.get(path, headers={"Accept": "application/json"})
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.json

    def token() -> dict[str, str]:
        found = re.search(r'<meta name="csrf-token" content="([^"]+)">', client.get("/auth/login").text)
        assert found is not None
        return {"X-CSRFToken": found[1]}

    def post(path: str, **form: Any) -> str:
        answer = client.post(path, data=form, headers=token())
        assert answer.status_code == 303, (path, answer.status_code, answer.text)
        return str(answer.headers["Location"])

    post("/auth/register", **ACCOUNT)
    wishes = get("/preferences") | {"calorie_goal": 1900}
    answer = client.post("/preferences", json=wishes, headers={"Accept": "application/json", **token()})
    assert answer.status_code == 200, answer.text
    menu = post(
        "/menu/",
        start_date=datetime.date.today().isoformat(),
        days=2,
        source="catalogue",
        idempotency_key=str(uuid.uuid4()),
    )
    generate(JobContext(database=app.database), menu_id=menu.rsplit("/", 1)[1])  # type: ignore[attr-defined]
    meals = [meal for day in get(menu)["days"] for meal in day["meals"]]
    assert len(meals) == 8
    post(f"/recipes/{meals[0]['recipe']['id']}/rate", value=1)
    post("/auth/logout")
    post("/auth/login", **ACCOUNT)
    post(f"{menu}/delete")
    get(menu, 404)


if __name__ == "__main__":
    live()
    print("well")
