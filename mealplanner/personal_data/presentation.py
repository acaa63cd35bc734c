"""Everything that is stored about a person, as JSON."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import asdict
from typing import Any

from mealplanner.audit.presentation import entry_json
from mealplanner.auth.factors.presentation import factors_json
from mealplanner.auth.invitations.values import UsedInvitation
from mealplanner.auth.links.services import PastLink
from mealplanner.auth.oidc.services import Linked
from mealplanner.auth.sessions.presentation import device_json
from mealplanner.auth.settings.presentation import account_json
from mealplanner.auth.signing_in.sign_ins import PastSignIn
from mealplanner.larder.presentation import export_json
from mealplanner.mail.outbox import PastMail
from mealplanner.menu.generation.proposals import Proposed
from mealplanner.menu.rebalancing.values import PastRequest
from mealplanner.menu.usual.presentation import usual_json
from mealplanner.personal_data.services import Everything
from mealplanner.shopping.presentation import records_json
from mealplanner.spending.presentation import use_json
from mealplanner.tokens.presentation import token_json


def everything_json(everything: Everything) -> dict[str, Any]:
    """Return what there is not much of."""
    preferences = everything.preferences
    return {
        "account": {
            **account_json(everything.account),
            "created_at": everything.created_at.isoformat(),
            "skip_energy": everything.skip_energy,
            "keep_menu_months": everything.keep_menu_months,
        },
        "operator_since": everything.operator_since.isoformat() if everything.operator_since else None,
        "preferences": {**preferences.preferences.as_dict(), "version": preferences.version},
        "planned_days": {date.isoformat(): str(menu_id) for date, menu_id in everything.planned_days.items()},
        "rebalancings": [{**_plain(request), "menu_id": str(request.menu_id)} for request in everything.rebalancings],
        "ratings": dict(everything.ratings),
        "opinions": {slug: sorted(said) for slug, said in everything.opinions.items()},
        "usual_meals": [usual_json(usual) for usual in everything.usual_meals],
        "shopping": records_json(everything.shopping),
        "larder": export_json(everything.larder, everything.larder_moves),
        "calendar": {"made_at": everything.calendar_feed.isoformat()} if everything.calendar_feed else None,
        "proposals": [_proposal(menu_id, proposed) for menu_id, proposed in everything.proposals],
        "model_use": [use_json(use) for use in everything.model_use],
        "factors": factors_json(everything.factors),
        "sessions": [device_json(device) for device in everything.sessions],
        "linked": [_plain(linked) for linked in everything.linked],
        "invitation": _plain(everything.invitation) if everything.invitation else None,
        "sign_ins": [_plain(entry) for entry in everything.sign_ins],
        "audit": [entry_json(entry) for entry in everything.audit],
        "links": [_plain(link) for link in everything.links],
        "api_tokens": [token_json(token) for token in everything.api_tokens],
        "mails": [_plain(mail) for mail in everything.mails],
    }


def _proposal(menu_id: uuid.UUID, proposed: Proposed) -> dict[str, Any]:
    recipe_id = str(proposed.recipe_id) if proposed.recipe_id else None
    return {"menu_id": str(menu_id), **asdict(proposed.idea), "recipe_id": recipe_id, "dropped": proposed.dropped}


def _plain(value: PastSignIn | PastLink | UsedInvitation | Linked | PastMail | PastRequest) -> dict[str, Any]:
    """Its fields, moments as ISO 8601."""
    return {
        name: item.isoformat() if isinstance(item, datetime.datetime) else item for name, item in asdict(value).items()
    }
