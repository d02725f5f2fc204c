"""The sample people of every stand-in, by provider id."""

from keyrack.sandbox.find_stand_ins import stand_ins

PEOPLE = {each.id: each.people for each in stand_ins()}
