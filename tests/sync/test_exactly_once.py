"""A sample of what `python -m tests.sync.soak` does at length."""

from tests.sync.soak import a_day_of_a_hall, exactly_once


def test_every_rating_arrives_once_through_everything_that_a_network_does(tmp_path):
    outcome = exactly_once(tmp_path, ratings=300, seed=7)
    assert outcome.faults == []
    assert outcome.met["reply lost"] > 3
    assert outcome.met["strange answer"] > 3


def test_a_few_kiosks_and_a_hub_that_dies_at_noon(tmp_path):
    outcome = a_day_of_a_hall(tmp_path, kiosks=6, ratings=5, seed=7)
    assert (outcome.ratings, outcome.faults) == (30, [])
