"""What explains a meal or a menu, from the rows that `queries` reads. Pure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from itertools import groupby

from mealplanner.food.unknown import stored_foods
from mealplanner.menu.assembly import AnyRow
from mealplanner.menu.why import days as words
from mealplanner.menu.why.queries import REMEMBERED_DAYS, WhyRows
from mealplanner.menu.why.reasons import reasons
from mealplanner.menu.why.safety import food_facts, rule_safety, what_to_buy
from mealplanner.menu.why.values import MealFacts, ServedMeal, WhyDay, WhyMeal, WhyMenu
from mealplanner.preferences.values import Preferences
from mealplanner.recipes.assembly import planner_dishes
from mealplanner.recipes.values import Numbers


def why_meal(rows: WhyRows, meal_id: uuid.UUID) -> WhyMeal:
    """Return why a meal of the menu is what it is."""
    row = next(row for row in rows.meals if row.meal_id == meal_id)
    meal, foods = _meal(rows, row), stored_foods()
    facts = _facts(rows, row, meal, _meals(rows))
    now, then = _rules(rows.preferences), _rules(Preferences(**rows.menu.preferences))
    return WhyMeal(
        menu_id=rows.menu.id,
        meal=meal,
        recipe_id=row.id,
        servings=meal.portion * row.servings,
        opinions=rows.opinions.get(meal.dish.slug, frozenset()),
        usual_days=facts.usual,
        reasons=reasons(facts, foods),
        rules=rule_safety(meal.dish, foods, now),
        changed=now != then,
        buying=what_to_buy(meal.dish, foods, now),
        foods=food_facts(meal.dish, foods),
    )


def why_menu(rows: WhyRows) -> WhyMenu:
    """Return why the menu is what it is."""
    meals, targets = _meals(rows), Numbers(**rows.menu.targets)
    days = [(date, list(group)) for date, group in groupby(meals, key=lambda meal: meal.date)]
    return WhyMenu(
        menu_id=rows.menu.id,
        start_date=rows.menu.start_date,
        length=rows.menu.days,
        targets=targets,
        on_target=words.on_target([words.added(group) for _, group in days], targets),
        variety=words.variety_of_menu(meals),
        buying=words.buying_for_menu(meals),
        effort=words.effort_of_menu([group for _, group in days]),
        days=tuple(_day(rows, date, group, meals, targets) for date, group in days),
    )


def _day(
    rows: WhyRows, date: datetime.date, meals: Sequence[ServedMeal], menu: Sequence[ServedMeal], targets: Numbers
) -> WhyDay:
    totals, by_id = words.added(meals), {row.meal_id: row for row in rows.meals}
    return WhyDay(
        date=date,
        on_target=not words.off_target(totals, targets),
        reached=words.reached(totals, targets),
        variety=words.variety_of_day(meals),
        effort=words.effort_of_day(meals),
        meals=tuple((meal, reasons(_facts(rows, by_id[meal.id], meal, menu), stored_foods())[0]) for meal in meals),
    )


def _facts(rows: WhyRows, row: AnyRow, meal: ServedMeal, menu: Sequence[ServedMeal]) -> MealFacts:
    slug = meal.dish.slug
    usual = (usual.weekdays for usual in rows.usual if (usual.slot, usual.slug) == (meal.slot, slug))
    preferences = Preferences(**rows.menu.preferences)
    return MealFacts(
        meal=meal,
        menu=menu,
        targets=Numbers(**rows.menu.targets),
        minutes_per_meal=preferences.minutes_on(meal.date),
        cuisines=frozenset(preferences.recipe_type),
        rating=rows.ratings.get(slug, 0),
        own=row.owner_id is not None,
        usual=next(usual, frozenset()),
        last_eaten=rows.last_eaten.get(slug),
        remembered_days=REMEMBERED_DAYS,
        to_use={item.food_id: item.best_before for item in reversed(rows.to_use) if item.best_before},
    )


def _meals(rows: WhyRows) -> list[ServedMeal]:
    return [_meal(rows, row) for row in rows.meals]


def _meal(rows: WhyRows, row: AnyRow) -> ServedMeal:
    (dish,) = planner_dishes([row]).values()
    numbers = Numbers(row.kcal, row.protein_g, row.carbohydrate_g, row.fat_g)
    return ServedMeal(
        id=row.meal_id,
        date=rows.menu.start_date + datetime.timedelta(days=row.day),
        slot=row.slot,
        dish=dish,
        portion=float(row.portion),
        numbers=Numbers(0.0, 0.0, 0.0, 0.0) if row.skipped == "shared" else numbers,
        skipped=row.skipped is not None,
        locked=row.locked,
    )


def _rules(preferences: Preferences) -> frozenset[str]:
    return frozenset({preferences.diet_type, *preferences.dietary_restrictions})
