"""The same application, with a connection opened while it is loaded: before the fork when gunicorn preloads it."""

from __future__ import annotations

from sqlalchemy import text

from mealplanner.storage.database import Database
from tests.faults.served import app

database: Database = app.database
database.run(lambda session: session.execute(text("INSERT INTO marks SELECT 'loaded by ' || pg_backend_pid()")))
