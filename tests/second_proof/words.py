"""What diets and restrictions mean, in words that are looked for in the names of foods.

A family is what a rule keeps out, as the words by which foods of it go in English. It knows nothing of the traits in
the food table: a food whose traits are wrong is still found by what it is called. What stands under `INNOCENT` sounds
like a family and is none of it: a food in whose name it stands is not of that family. Each has its reason, and is one
that some food of the table needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FAMILIES: Final[Mapping[str, str]] = {
    "pork": (
        "pork|pig|bacon|ham|gammon|lard|chorizo|pepperoni|salami|prosciutto|pancetta|jamon|mortadella|bratwurst"
        "|frankfurter|wiener|hot dog|kielbasa|sausage|boudin|morcilla|blood sausage|liverwurst|black pudding|banger"
    ),
    "beef": (
        "beef|veal|calf|ox|oxtail|bresaola|pastrami|osso buco|entrecote|tallow|dripping|suet|frankfurter|pepperoni"
        "|salami|bratwurst|mortadella|merguez"
    ),
    "other meat": (
        "meat|mince|minced|lamb|mutton|goat|venison|deer|reindeer|caribou|rabbit|hare|horse|bison|buffalo|game|offal"
        "|liver|heart|gizzard|giblet|tripe|tongue|merguez|chicken|turkey|duck|goose|quail|pheasant|guinea fowl|poultry"
        "|pigeon|schmaltz|foie gras|pate"
    ),
    "meat that is never kosher": "rabbit|hare|horse|boar|kangaroo|camel",
    "gelatine": "gelatine?|marshmallow|collagen|aspic",
    "rennet": (
        "rennet|cheese|cheddar|brie|camembert|edam|feta|gouda|gruyere|mozzarella|parmesan|pecorino|provolone|halloumi"
        "|roquefort|comte|grana padano|fontina|monterey jack|raclette|appenzeller|tilsiter|cotija|oaxaca|burrata|pesto"
    ),
    "fish": (
        "fish|cod|haddock|halibut|herring|mackerel|monkfish|pollock|trout|salmon|lox|sardine|pilchard|bass|snapper"
        "|swordfish|catfish|tilapia|tuna|surimi|bream|mullet|plaice|sole|flounder|turbot|hake|mahi-mahi|grouper|carp"
        "|perch|pike|anchovy|anchovies|sprat|kipper|rollmops|roe|caviar|eel|shark|tapenade|worcestershire|worcester|bonito|dashi"
    ),
    "crustaceans": "crab|lobster|prawn|shrimp|crayfish|crawfish|langoustine|krill|scampi",
    "molluscs": "clam|mussel|oyster|octopus|squid|calamari|cuttlefish|scallop|snail|cockle|whelk|vongole|abalone",
    "sea animals without fins and scales": (
        "crab|lobster|prawn|shrimp|crayfish|crawfish|clam|mussel|oyster|octopus|squid|calamari|cuttlefish|scallop|snail"
        "|shellfish|catfish|monkfish|eel|shark|swordfish|sturgeon|turbot"
    ),
    "eggs": "egg|mayonnaise|mayo|meringue|brioche|tartare? sauce|cornbread",
    "milk": (
        "milk|cream|creme|butter|buttermilk|ghee|cheese|cheddar|brie|camembert|edam|feta|gouda|gruyere|mozzarella"
        "|parmesan|pecorino|provolone|halloumi|roquefort|comte|grana padano|fontina|monterey jack|raclette|appenzeller"
        "|tilsiter|cotija|oaxaca|burrata|paneer|ricotta|mascarpone|queso|quark|skyr|yoghurt|yogurt|kefir|whey|casein"
        "|curd|fromage|ayran|lassi|dulce de leche|cajeta|tzatziki|pesto|kibbeh|lactose|croissant|brioche"
        "|naan|cornbread|soda bread|hazelnut spread"
    ),
    "honey": "honey|bee pollen|royal jelly|mead",
    "insects": "insect|cricket|mealworm|carmine|cochineal|shellac",
    "alcohol": (
        "wine|beer|lager|ale|sake|sherry|marsala|port|cider|mirin|rum|brandy|vodka|whisky|liqueur|vanilla extract"
        "|shaoxing|vermouth"
    ),
    "rye, barley and oats": (
        "rye|barley|malt|oat|oats|oatmeal|triticale|beer|lager|ale|muesli|cereal|marmite|pumpernickel|crispbread"
    ),
    "wheat": (
        "wheat|wholewheat|wholemeal|spelt|emmer|einkorn|kamut|khorasan|farro|freekeh|farik|bulgur|couscous|semolina"
        "|farina|durum|seitan|gluten|bread|baguette|bagel|bun|roll|chapati|roti|naan|pitta|pita|paratha|lavash|cracker"
        "|crouton|breadcrumb|panko|rusk|zwieback|breadstick|grissini|muffin|focaccia|matzo|matzah|filo|phyllo|pastry"
        "|croissant|brioche|crumpet|wonton|dumpling|pasta|spaghetti|macaroni|noodle|udon|somen|ramen|soy sauce|shoyu"
        "|soya sauce|teriyaki|hoisin|fish fingers|all-purpose flour|white flour|bread flour"
        "|tortilla|gnocchi|soba|suet|vegetarian bratwurst"
    ),
    "peanuts": "peanut|groundnut|monkey nut|satay",
    "tree nuts": (
        "almond|hazelnut|filbert|walnut|cashew|pecan|brazil nut|pistachio|macadamia|marzipan|gianduja|praline|nougat"
        "|pine nut|pesto"
    ),
    "soya": (
        "soy|soya|soybean|tofu|beancurd|tempeh|edamame|miso|natto|tamari|shoyu|teriyaki|hoisin|doenjang|okara|tvp"
        "|kecap|textured vegetable protein|peanut sauce|vegetarian bratwurst"
    ),
    "lupin": "lupin|lupini|lupine",
    "sesame": "sesame|tahini|hummus|houmous|za'atar|zatar|halva|gomasio",
    "mustard": "mustard|piccalilli",
    "celery": "celery|celeriac|stock|bouillon|yeast extract|vegetable juice",
    "sulphites": "wine|sherry|marsala|cider|balsamic vinegar|(?:apple|apricots|pears|peaches), dried|golden raisins",
    "cereals and what is used like them": (
        "wheat|wholewheat|wholemeal|spelt|einkorn|kamut|farro|freekeh|bulgur|couscous|semolina|farina|seitan|rye|barley"
        "|malt|oat|oats|oatmeal|rice|maize|corn|cornmeal|sweetcorn|polenta|grits|hominy|masa|millet|sorghum|teff|quinoa"
        "|buckwheat|amaranth|kasha|bread|bagel|bun|roll|chapati|roti|naan|pitta|paratha|crispbread|cracker|crouton|rusk"
        "|breadstick|muffin|tortilla|taco|tostada|focaccia|matzo|filo|pastry|croissant|brioche|crumpet|wonton|pasta"
        "|noodle|udon|somen|soba|muesli|cereal|popcorn|beer"
    ),
    "pulses": (
        "bean|pea|lentil|chickpea|chick pea|dal|hummus|falafel|lupin|peanut|groundnut|soy|soya|tofu|tempeh|edamame|miso"
        "|natto|tamari|shoyu|papadum|besan|gram flour"
    ),
    "sugar": (
        "sugar|syrup|molasses|treacle|jam|jelly|marmalade|sweetened|ketchup|dulce de leche|chocolate|agave|teriyaki"
        "|hoisin"
    ),
    "white potato": "potato|chips|fries|gnocchi",
}
"""What a rule keeps out -> the words that foods of it are called by, in the singular."""

INNOCENT: Final[Mapping[str, Mapping[str, str]]] = {
    "pork": {
        "burger bun": "hot dog buns are bread",
        "turkey bacon": "it is turkey, cured like bacon",
        "vegetarian bratwurst": "it is of wheat and soya",
    },
    "beef": {"vegetarian bratwurst": "it is of wheat and soya"},
    "other meat": {
        "pigeon peas": "they are pulses",
        "goat's milk|goat's cheese": "milk is no meat",
        "quail egg|duck egg": "eggs are no meat",
        "hemp seeds|hearts of palm|artichoke hearts|lamb's lettuce": "they are of plants",
        "soya mince|seitan": "they are of soya and wheat",
        "crab meat": "crabs are no land animals",
    },
    "rennet": {
        "vegetarian": "that on a cheese means that it was set without animal rennet",
        "paneer|mascarpone|ricotta, part-skim, vegetarian": "they are set with acid",
    },
    "fish": {
        "aubergine dip": "aubergine caviar is of aubergines",
        "worcestershire sauce, vegan": "vegan ones are without anchovies",
        "kombu": "the dashi kombu is seaweed",
    },
    "molluscs": {"oyster mushrooms": "they are mushrooms"},
    "sea animals without fins and scales": {"oyster mushrooms": "they are mushrooms"},
    "eggs": {"mayonnaise, tofu-based": "it is of tofu instead of eggs"},
    "milk": {
        "almond milk|coconut milk|coconut cream|rice milk|oat drink|soya milk": "they are of plants",
        "soya yoghurt|soya cream": "they are of soya",
        "peanut butter|peanut flour|almond butter|cashew butter|sunflower seed butter": "they are ground nuts or seeds",
        "butter beans": "they are pulses",
        "cream of tartar": "it is a salt of wine",
        "farina": "cream of wheat is wheat",
        "sweet pickled cucumber": "bread and butter pickles are cucumbers",
    },
    "alcohol": {
        "vinegar": "its alcohol has become acid; vinegars that may keep some are refused by their traits",
        "wine-free": "it says so",
    },
    "wheat": {
        "gluten-free": "foods are labelled so with at most 20 mg of gluten a kilogram, Regulation (EU) No 828/2014",
        "glass noodles|rice noodles|rice paper|rice cakes": "they are of rice or mung beans",
        "spaghetti squash|porcini": "a squash and a mushroom, the penny bun",
        "tomato pasta sauce": "it is for pasta",
        "sweet pickled cucumber": "bread and butter pickles are cucumbers",
    },
    "rye, barley and oats": {
        "gluten-free": "foods are labelled so with at most 20 mg of gluten a kilogram, Regulation (EU) No 828/2014",
    },
    "soya": {"soya-free": "it says so"},
    "cereals and what is used like them": {
        "callaloo": "amaranth leaves are a vegetable",
        "lamb's lettuce": "corn salad is a lettuce",
        "porcini": "the penny bun is a mushroom",
    },
    "pulses": {"jicama": "the yam bean is a root"},
    "sugar": {
        "cocoa powder": "it is chocolate without its sugar",
        "maple syrup": "it is boiled sap, which paleo has",
    },
    "white potato": {"sweet potato": "it is another plant"},
}
"""Family -> what sounds like it and is none of it, `|` between the names -> why."""

MEAT: Final = ("pork", "beef", "other meat")
SEA: Final = ("fish", "crustaceans", "molluscs")


RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "omnivore": (),
    "keto": (),
    "vegetarian": (*MEAT, "gelatine", "rennet", *SEA, "insects"),
    "pescatarian": (*MEAT, "gelatine", "rennet", "insects"),
    "vegan": (*MEAT, "gelatine", *SEA, "eggs", "milk", "honey", "insects"),
    "gluten-free": ("wheat", "rye, barley and oats"),
    "dairy-free": ("milk",),
    "halal": ("pork", "gelatine", "alcohol", "insects"),
    "kosher": (
        "pork", "meat that is never kosher", "sea animals without fins and scales", "crustaceans", "molluscs",
        "gelatine", "rennet", "insects",
    ),
    "paleo": (
        "cereals and what is used like them", "wheat", "rye, barley and oats", "pulses", "soya", "peanuts", "lupin",
        "milk", "sugar", "white potato", "alcohol",
    ),
    "gluten": ("wheat", "rye, barley and oats"),
    "wheat": ("wheat",),
    "crustaceans": ("crustaceans",),
    "eggs": ("eggs",),
    "fish": ("fish",),
    "peanuts": ("peanuts",),
    "soy": ("soya",),
    "milk": ("milk",),
    "tree-nuts": ("tree nuts",),
    "celery": ("celery",),
    "mustard": ("mustard",),
    "sesame": ("sesame",),
    "sulphites": ("sulphites",),
    "lupin": ("lupin",),
    "molluscs": ("molluscs",),
    "pork": ("pork", "gelatine"),
    "beef": ("beef", "gelatine"),
    "meat": (*MEAT, "gelatine"),
    "alcohol": ("alcohol",),
    "honey": ("honey",),
}  # fmt: skip
"""Diet or restriction -> the families that it keeps out."""
