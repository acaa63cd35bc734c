"""A second proof of dishes and of plans, written apart from the planner: it shares no line with what it checks.

`words` says what diets and restrictions mean in words for foods, and `dislikes` what people mean by what they type;
`foods` reads the food table as text, `dishes` proves a dish, `meals` and `plans` prove a plan, by what the person asked
for and by what the plan says of itself.
"""
