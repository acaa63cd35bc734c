"""`mealplanner worker`: what it serves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from mealplanner.cli.worker import LaneNames, model_menus_at_once, worker
from mealplanner.config import Config
from mealplanner.config.model_server import ModelServer
from mealplanner.jobs.lanes import LANES, MAIL, MODEL


@pytest.mark.parametrize("typed", ["mail,letters", "letters", ""])
def test_a_lane_that_does_not_exist_is_refused_with_those_that_do(typed: str) -> None:
    result = CliRunner().invoke(worker, ["--lanes", typed])
    assert result.exit_code == 2
    assert "expected some of mail,catalogue,model,housekeeping" in result.output


def test_lanes_are_separated_by_commas() -> None:
    assert LaneNames().convert("mail, model,mail", None, None) == (MAIL, MODEL)


def test_all_lanes_are_served_by_default() -> None:
    [option] = [option for option in worker.params if option.name == "lanes"]
    assert option.type_cast_value(worker.make_context("worker", []), option.default) == tuple(LANES.values())


@pytest.mark.parametrize(("in_flight", "menus"), [(1, 1), (8, 4), (64, 32)])
def test_as_many_menus_wait_for_a_model_as_its_calls_allow(in_flight: int, menus: int) -> None:
    """Each asks for several dishes at once, whose calls take turns."""
    config = replace(Config(), model=ModelServer(in_flight=in_flight))
    assert model_menus_at_once(config) == menus
    assert model_menus_at_once(Config()) == 1
