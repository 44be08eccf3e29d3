"""Groups of people by their plain names.

Alone, some of these names score like abuse: the heads know them from attacks.
"""

import re

from models.alternatives import any_of, words

_NAMES = """
    african american arab asian atheist autistic bisexual black blind boy british brown buddhist
    canadian catholic chinese christian deaf disabled elderly european fat feminist foreigner french
    gay german girl gypsy hindu hispanic homeless homosexual immigrant indian indigenous iranian
    irish israeli italian japanese jew jewish korean latina latino lesbian man mexican migrant
    muslim native nigerian old pakistani palestinian pole polish poor protestant queer refugee roma
    romanian russian sikh somali spanish syrian teenager trans transgender traveller turk turkish
    ukrainian unemployed vegan white woman young
"""
GROUP = (
    "(?:(?:an?|all|any|being|every|many|most|my|other|our|the|these|those|your) )*"
    rf"(?:{any_of(words(_NAMES))}|asylum seekers|people)"
    "(?: (?:boys?|child|children|citizens|couples|families|folks?|friends|girls|kids|m[ae]n|"
    r"mothers|neighbou?rs|parents|people|persons?|students|teenagers|wom[ae]n|workers))?(?![\w-])"
)
"""Pattern of a group by a plain name, in lower case."""
_GROUP = re.compile(GROUP)


def names_a_group(text: str) -> bool:
    """Tell whether a text is nothing but the plain name of a group."""
    return bool(_GROUP.fullmatch(text.lower().strip(" .,;:!?\"'()")))
