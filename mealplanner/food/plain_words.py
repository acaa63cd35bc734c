"""Words that are not food: what people put around a name, and what it tells."""

from __future__ import annotations

from typing import Final

from mealplanner.food.spelling import matched_words


def _listed(text: str) -> frozenset[str]:
    return frozenset(matched_words(text))


NEGATIVE: Final = _listed(
    """
    allergic allergy arent avoid avoiding awful ban cannot cant despise detest didnt disgusting dislike
    disliking doesnt dont ew exclude free gross hate hating hold horrible intolerance intolerant isnt loathe
    neither never no none not nothing omit refuse remove sensitive sensitivity skip stop without wont yuck
    unable couldnt wouldnt shouldnt aint react reacts reaction reactions sick vomit puke disagree anaphylaxis
    anaphylactic banned forbidden poison
    """
)
"""Words that say of a thing that it is not wanted."""

LIKING: Final = _listed(
    """
    adore allowed crave delicious eat eating enjoy fan favorite favourite fine good great happy keep like love
    ok okay prefer tasty tolerate want welcome yes yum
    """
)
"""Words that say of a thing that it is wanted, unless a negative one stands beside them."""

UNCLEAR: Final = _listed(
    """
    almost depend depending extra fewer high if less limit limited little low mainly maybe moderate moderately
    more mostly occasionally only perhaps rarely reduced seldom sometime sometimes unless when
    """
)
"""Words that ask for less of a thing or for it sometimes: it can be left out or left in, nothing between."""

NONE: Final = _listed("none no nothing nope nil n a na not really thanks")
"""Words of an answer that names nothing."""

MAYBE: Final = _listed("may might could trace")
"""Words by which a person asks to leave out also what only may hold a thing."""

PREPARED: Final = _listed(
    """
    boiled chopped chunk chunks cooked diced dry fresh homemade mature organic overripe peeled piece pieces poached
    raw ripe shop slice sliced slices small large soggy mushy steamed uncooked unripe
    """
)
"""Words for the state that any food can be in. A dislike passes over them, an exception with one of them is narrower
than the food that it names."""

FILLER: Final = (
    NEGATIVE
    | LIKING
    | NONE
    | MAYBE
    | PREPARED
    | _listed(
        """
        again all allergies also am an and any anymore anything are as at avoids away bad base based be bear
        been being big bio bit bits both bought but can child children contain containing contains daughter dish
        dishes dislikes do does each eats eg either else especially etc ever every everything fond food foods
        for form forms from general generally had has hates have having he hello her here hes hi his holding
        holds home honestly husband i icky id ie if ill im in include includes including ingredient ingredients
        is it item items its ive just keen kid kids kind kinds leave likes little longer lot lots made make many
        me meal meals medium mild mind more much my nasty new nor of old on one ones only or other others our
        out particularly partner please possible product products quality react reaction same serious severe
        severely she shes slimy smell smelly so some something son sort sorts stand stinking stinky store stuff
        such taste texture thank that the their them there these they theyre thing things this those to ton tons
        too two type types us varieties variety very was way we well whatever whatsoever whole wife will with
        would you your yucky stick were weve youre theyve hed shed theyd weekly daily ideally basically
        literally
        """
    )
)
"""Words that say nothing of which food is meant, and what is done to any food."""

ADJECTIVES: Final = _listed(
    """
    baby baked battered bitter black blue boneless bottled breaded brown canned caramelised caramelized cheap
    cold creamy crispy crunchy crushed cured dark deep dried extra fancy farmed fatty fermented fried frozen
    golden grated greasy green grilled ground hard hot hulled instant jarred lean light liquid local long
    marinated mashed melted mince minced natural normal oily ordinary packaged pan pickled pink pitted plain
    powdered preserved proper pure pureed purple real red regular rich roast roasted round salted salty seasonal
    shelled short shredded skinless smoked soft sour spicy stewed stir strong sweet sweetened thick thin toasted
    toasty unsalted unsweetened virgin warm white wild yellow young
    """
)
"""Words that tell kinds of one food apart. They are passed over when nothing bears the whole name."""

NOT_NAMES: Final = ADJECTIVES | _listed(
    """
    american asian british burger canadian certified chinese degermed english fat french german gluten-free
    grain greek half hamburger heart high indian italian japanese kebab kidney korean low mexican mixed pad
    paella paste pizza powder protein risotto sandwich sashimi sauce skin spanish style sushi swiss thai turkish
    turtle vegan vegetarian vietnamese
    """
)
"""Words that stand in names of foods and mean no food by themselves."""

CATEGORIES: Final = _listed("bean cheese fish fruit herb meat nut seed spice vegetable")
"""Words that may follow a name and add nothing to it: tuna fish."""

UNLISTED: Final = _listed(
    """
    donkey partridge peperoni savory tamarillo toffee
    """
)
"""Foods that the table has not got, whose names look like a misspelling of one that it has."""
