"""`mealplanner plan`: a plan in the terminal, without a database."""

from __future__ import annotations

import json
from typing import Any

import click

from mealplanner.fields import whole
from mealplanner.planner.habits import LEVELS
from mealplanner.planner.meat_or_fish import CHOICES as MEAT_OR_FISH
from mealplanner.planner.restrictions import DIETS, RESTRICTIONS
from mealplanner.preferences.values import Preferences

DEFAULTS = Preferences()
SHARE = "Percent of the energy."
LEVEL = click.Choice(LEVELS)


class Whole(click.IntRange):
    """A whole number, read as the pages read it: 1,800 is 1800."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = whole(value)
        if number is None:
            self.fail(f"{value!r} is not a whole number.", param, ctx)
        return super().convert(number, param, ctx)


@click.command()
@click.option("--calories", default=DEFAULTS.calorie_goal, show_default=True, type=Whole(800, 6000))
@click.option("--protein", default=DEFAULTS.macro_protein, show_default=True, type=Whole(0, 100), help=SHARE)
@click.option("--carbs", default=DEFAULTS.macro_carbs, show_default=True, type=Whole(0, 100), help=SHARE)
@click.option("--fat", default=DEFAULTS.macro_fat, show_default=True, type=Whole(0, 100), help=SHARE)
@click.option("--diet", default=DEFAULTS.diet_type, show_default=True, type=click.Choice(list(DIETS)))
@click.option("--restriction", "restrictions", multiple=True, type=click.Choice(list(RESTRICTIONS)), help="Repeatable.")
@click.option("--dislike", "dislikes", multiple=True, help="A food to leave out. Repeatable.")
@click.option("--meat-or-fish", default=DEFAULTS.meat_or_fish, show_default=True, type=click.Choice(MEAT_OR_FISH))
@click.option("--use-up", default=DEFAULTS.use_up, show_default=True, type=LEVEL, help="Buy few foods.")
@click.option("--same-meals", default=DEFAULTS.same_meals, show_default=True, type=LEVEL, help="Breakfasts and snacks.")
@click.option("--whole-units", default=DEFAULTS.whole_units, show_default=True, type=LEVEL, help="Eggs, slices, tins.")
@click.option("--short-days", default=DEFAULTS.short_days, show_default=True, type=LEVEL, help="Little cooking a day.")
@click.option("--snacks", default=DEFAULTS.snacks_per_day, show_default=True, type=Whole(0, 4))
@click.option("--days", default=7, show_default=True, type=Whole(1, 28))
@click.option("--seed", default=1, show_default=True, type=Whole(0), help="The same seed, the same plan.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(days: int, seed: int, as_json: bool, **wishes: Any) -> None:
    """Plan in the terminal, from the catalogue and without a database."""
    from mealplanner.cli.plan_text import plan_for, plan_json, plan_text
    from mealplanner.food.table import load_foods
    from mealplanner.planner.plan import NothingFits
    from mealplanner.preferences.dislikes import warnings

    if wishes["protein"] + wishes["carbs"] + wishes["fat"] != 100:
        raise click.UsageError("--protein, --carbs and --fat must add up to 100.")
    wanted = _preferences(**wishes)
    try:
        request, made = plan_for(wanted, days=days, seed=seed)
    except NothingFits as error:
        raise click.ClickException(" ".join(error.advice)) from error
    served = {item.food_id for day in made.days for meal in day.meals for item in meal.recipe.ingredients}
    for warning in warnings(wanted.disliked_ingredients, load_foods(), served):
        click.echo(warning, err=True)
    click.echo(json.dumps(plan_json(request, made), indent=2) if as_json else plan_text(request, made))


def _preferences(
    *, calories: int, protein: int, carbs: int, fat: int, diet: str, restrictions: tuple[str, ...],
    dislikes: tuple[str, ...], meat_or_fish: str, snacks: int, **habits: Any,
) -> Preferences:  # fmt: skip
    return Preferences(
        calorie_goal=calories,
        macro_protein=protein,
        macro_carbs=carbs,
        macro_fat=fat,
        diet_type=diet,
        dietary_restrictions=list(restrictions),
        disliked_ingredients=list(dislikes),
        meat_or_fish=meat_or_fish,
        snacks_per_day=snacks,
        **habits,
    )
