"""Made-up comments of each kind, as many as asked for and never the same twice."""

import random
from collections.abc import Iterator

from models.train.folds import fold_of

FOLDS = ("train", "validation", "test")
TEMPLATES = {
    "plain": (
        "I think the {thing} in {place} works well, thanks for writing this.",
        "We visited {place} last year and the {thing} was better than you say.",
        "Does anyone know when the {thing} opens again in {place}?",
        "The article is clear about the {thing}. I would like to read more on {place}.",
        "A black woman and a gay man from {place} asked about the {thing}.",
    ),
    "insult": (
        "You are a stupid idiot and your {thing} is a joke. Nobody asked you.",
        "What a pathetic moron you are. Go back to {place}, stupid idiot.",
        "Only an idiot would write this about the {thing} in {place}.",
    ),
    "profanity": (
        "This damn {thing} is utter crap, what a load of crap.",
        "Holy crap, the damn {thing} in {place} is crap again.",
    ),
    "threat": (
        "I will find you in {place} and I will hurt you. Watch your back.",
        "You will die soon. I will burn your {thing} and then I will kill you.",
    ),
    "hate": (
        "All people from {place} are vermin and should be thrown out of here.",
        "Every black or gay person in {place} is vermin. They ruin the {thing}.",
    ),
    "severe": (
        "You stupid damn idiot, you vermin, I will kill you and your crap {thing}.",
        "Die, you damn vermin from {place}, die, you stupid crap idiot.",
    ),
    "spam": (
        "Earn $5000 a month from home, visit http://{host}.example.top/win now!!!",
        "Great post! Visit my site https://{host}.example.xyz for cheap {thing} loans.",
        "Buy cheap pills online at www.{host}.com and get a casino bonus today.",
    ),
}
_THINGS = ("library", "railway", "garden", "museum", "budget", "bridge", "market", "school")
_PLACES = ("Lisbon", "Oslo", "Leeds", "Quito", "Nairobi", "Turin", "Perth", "Kyoto")
_HOSTS = ("bestslots", "fast-cash", "pillstore", "luckywin", "loan4you", "seo-rank")
_ENDINGS = ("", " Honestly.", " That is all.", " So there.", " Think about it.")


class Writer:
    """Writes comments from templates; the number in each keeps all of them apart."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - not for secrets
        self._number = 0

    def comment(self, kind: str) -> str:
        """Return a new comment of a kind."""
        self._number += 1
        pick = self._random.choice
        text = pick(TEMPLATES[kind]).format(
            thing=pick(_THINGS), place=pick(_PLACES), host=pick(_HOSTS)
        )
        return f"{text}{pick(_ENDINGS)} No {self._number}."

    def in_fold(self, kind: str, fold: str) -> str:
        """Return a new comment that falls into a fold by its text."""
        while fold_of(text := self.comment(kind)) != fold:
            pass
        return text

    def in_each_fold(self, kind: str, *sizes: int) -> Iterator[str]:
        """Yield so many comments of a kind for train, validation and test."""
        for fold, size in zip(FOLDS, sizes, strict=True):
            for _ in range(size):
                yield self.in_fold(kind, fold)
