"""The invented people of Bitport, and what they hold.

Bitport holds files and no assets.
"""

from keyrack.sandbox.people.person import People, Person

PEOPLE: People = {
    "sam": Person("Sam Okafor", "sam.okafor@example.org", 31, (), 1_073_741_824_000, 730_239_834_821, "big"),
    "studio": Person("Studio", "studio@example.net", 32, (), 5_368_709_120_000, 1_204_518_733_904, "studio"),
}
