"""Harsh words that a comment denies, refutes, says of its author or means otherwise.

The heads know words better than sentences: to them "You are not an idiot" has an idiot in it. What
is found here is left out, and the rest of the comment judged once more ("mention" beside "use":
Gligoric et al. 2024, "NLP Systems That Can't Tell Use from Mention Censor Counterspeech").

Grammar and lists of our own. They are narrow, since most harsh words after a "not" are meant: a
turn ("but you"), irony ("sure, you are no fool"), a condition or agreement ends the search.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.alternatives import any_of, exactly, words
from models.groups import GROUP

Range = tuple[int, int]

CHARS_MAX = 1_000
"""Neutral characters of the longest text in which they are looked for: what a long one denies says
little of the rest."""
BEFORE_CHARS = 40
AFTER_CHARS = 70
"""So many characters before and after are searched for what takes a denial back."""
DENIAL_CHARS = 120
"""So many characters lie at most between a negation and the harsh word that it denies."""
_MILD = """
    ass clown coward dimwit dummy dumb fool foolish hypocrite idiot idiotic ignorant jerk lazy loser
    moron muppet naive pathetic silly stupid thick useless weird
"""
"""What people call themselves."""
_NOUNS = """
    animal ape arse barbarian beast bigot bitch brat buffoon bully burden cheat cockroach cow cretin
    criminal crook danger degenerate devil disease dog enemy extremist fake failure fanatic fascist
    fraud freak freeloader gangster halfwit hooligan imbecile invader killer liar lunatic maniac
    menace misogynist mistake monkey monster murderer nazi nobody nuisance nutter parasite pervert
    pest pig plague predator psycho psychopath puppet racist rapist rat retard savage scammer
    scrounger scumbag sexist sheep shill simpleton sinner snake snowflake sponger spy swindler
    terrorist thief threat thug tool traitor troll twat tyrant villain virus weakling weirdo whore
    witch zombie
"""
_OTHERS = """
    arrogant brainless brainwashed cancer clueless corrupt crazy deluded delusional dirty disgusting
    dishonest evil filth filthy garbage greedy hateful hypocritical hysterical illiterate immature
    incompetent inferior inhuman insane mad moronic nasty nuts obnoxious primitive retarded rubbish
    scum selfish subhuman terrible thieves toxic trash ugly unintelligent vermin vicious violent
    weak wicked worthless
"""
_HINTS = """
    against attack belong bastard bomb booby bring carry cock destroy despise dick dislike guinea
    harm hate hating hatred hurt ill insult invade kill moby poison pussy replace resent ruin snake
    abomination crime defect disorder illness perversion shame sickness sin spotted spread steal
    suffer threaten tit unnatural
"""
"""Beginnings of words, one of which or of the above is in all that is found."""
_END = r"(?![\w-])(?! enough)"
_FOOL = rf"(?:{any_of(words(_MILD))}){_END}"
_INSULT = rf"(?:{any_of((*words(_MILD + _NOUNS), *exactly(_OTHERS)))}){_END}"
_HOW = (
    "(?:(?:an?|all|really|actually|necessarily|very|such|so|completely|totally|entirely|complete|"
    "total|bloody|some kind of|some sort of|a bunch of|inherently|automatically|particularly|"
    "generally|simply|being|lazy|dirty|dumb|stupid|little|born) )*"
)
"""What may stand before an insult; not "the", "just", "only" or "as"."""
_INSULTS = rf'"?{_HOW}{_INSULT}"?(?:,? (?:or|nor|and|and not) {_HOW}{_INSULT})*'
_NOT_BEING = (
    r"(?:(?<=\w )(?:is|are|was|were|ai)n'?t|(?:is|are|was|were|am|'s|'re|'m|ur|im|hes|shes|theyre|"
    "youre) (?:not|never|no|hardly|anything but)|(?:ha(?:s|ve|d)|'s|'ve) (?:not|never) been|"
    "ha(?:s|ve|d)n'?t been|far from(?: being)?(?=[^,.]*, (?!you)))"
)
_ILLS = (
    "(?:an? )?(?:mental |moral )?(?:abomination|crime|defect|disorder|illness|perversion|shame|"
    r"shameful|sickness|sin|sinful|unnatural)(?![\w-])"
)
"""What being somebody is denied to be."""
_WHOM = (
    r"([\w-]+(?: (?!but\b|not\b|just\b|only\b|if\b|you\b|reali[sz]e|understand|know|doubt|deny|"
    r"notice)[\w-]+){0,3}?)"
)
_NOBODY = (
    "(?:(?:i|we|he|she|they)(?: (?:really|certainly|honestly|personally))? (?:(?:do|did|would|does|"
    "have|had)(?:n't| not)|(?:would |have |'ve )?never)|(?:nobody|no one|none of (?:us|you|them))"
    r"(?: here| there| in \w+ \w+| with \w+ \w+)?)"
    "(?: (?:ever|really|been|once|want to|mean to|seriously))?"
)
_THINK = (
    "(?:think|thinks|thought|say|says|said|believe|believes|believed|claim|claims|claimed|mean|"
    "meant|suggest|suggested|imply|implied|find|consider|considers)"
)
_BEING = "(?:'s|'re|'m| am| are| is| was| were| being)(?! (?:so|such|really|very) )"
_CALL = "(?:call|calls|called|calling|label|labelled|labelling|brand|branded|branding)"
_SAYING = (
    "(?:saying|claiming|writing|shouting|suggesting|posting|implying|telling (?:people|me|us|them)|"
    "to say|to claim|to write|to suggest)"
)
_SAYS = (
    "(?:says?|writes?|wrote|said|claims?|thinks?|believes?|posts?|posted|shouts?|tells? (?:me|us))"
)
_CLAIM = (
    rf"(?!(?:this|these|an?|your?) )([\w'-]+(?: [\w'-]+){{0,3}}?) (?:(?:are|is|were|was) (?:all )?"
    rf"{_INSULTS}|do(?:n't| not) belong|(?:bring|carry|destroy|hate|invade|kill|poison|replace|"
    r"ruin|spread|steal|threaten)s?)(?: (?!not\b|never\b|no\b|but\b|just\b|\w+n't)[\w'%-]+){0,10}?"
)
"""What somebody is said to have said of whom; what he does with a "not" turns round."""
_WRONG = (
    "(?:wrong|unfair|unjust|shameful|disgusting|despicable|disgraceful|appalling|cruel|ridiculous|"
    "absurd|unacceptable|outrageous|offensive|racist|sexist|vile|hateful|nonsense|inexcusable|"
    "horrible|cowardly|false|untrue|mistaken|dangerous|immoral|a lie|a disgrace|a shame|bigotry|"
    "racism|hate|hatred|slander|prejudice|propaganda|refuted|debunked|disproved|disproven|baseless|"
    "a myth|not (?:right|fair|ok|okay|acceptable|true|an opinion|an argument|criticism|satire)|"
    r"never (?:right|ok|okay|acceptable|fair|an argument))(?!\w)"
)
_IS_WRONG = (
    "(?:is|are|was|were|has been|have been|would be)(?: (?:just|simply|always|so|plain|both|"
    rf"utterly|completely|really|long|a|an|nothing but|pure|many times))* {_WRONG}"
)
_ASHAMED = (
    "(?:should|must|ought to|needs? to)(?: (?:all|really|feel|hang))* (?:be ashamed|ashamed|"
    "apologi[sz]e|know better|think again|read a|meet|visit|spend|be banned|"
    "(?:his|her|their) heads? in shame)"
)
_WHOEVER = (
    "(?:whoever|any(?:one|body) who|every(?:one|body) who|people who|those who|readers who|"
    "politicians who|commenters who)"
)
_BELIEF = (
    "the (?:old |tired |ugly |absurd |racist )*(?:claim|idea|notion|myth|lie|slur|rumou?r|"
    "prejudice|stereotype|belief|accusation|allegation|suggestion|trope|theory)s?"
)
_STOP = (
    "(?:stop|quit|please do(?:n't| not)|do(?:n't| not)|no(?:body| one) should|(?:you|we|one|they) "
    "(?:should(?:n't| not)|must(?:n't| not))|(?:tired|sick) of (?:hearing|reading|people|readers|"
    "comments|politicians|being told)|enough of(?: people)?|how dare (?:you|he|she|they)|"
    "there is no excuse for)"
)
_SAY_THAT = (
    "(?:say|saying|claim|claiming|post|posting|write|writing|repeat|repeating|pretend|pretending) "
    "that"
)
_STOPS = "(?=[.,;!?]|$)"
_DENIALS = (
    f"{_NOT_BEING} {_INSULTS}",
    f"{_NOBODY} {_THINK} (?:that )?{_WHOM}{_BEING} {_INSULTS}",
    f"{_NOBODY} {_CALL} {_WHOM} {_INSULTS}",
)
"""An insult that is denied."""
_REPORTS = (
    f"{_WRONG} to (?:call|label|describe) {_WHOM} (?:as )?{_INSULTS}",
    f"(?:not true|untrue|a lie|false|a myth) that {_CLAIM}{_STOPS}",
    f"{_CALL} {_WHOM} {_INSULTS} {_IS_WRONG}",
    f"{_SAYING} that {_CLAIM} {_IS_WRONG}",
    f"{_WHOEVER} {_SAYS} (?:that )?{_CLAIM} (?:{_IS_WRONG}|{_ASHAMED})",
    f"{_WHOEVER} {_CALL} {_WHOM} {_INSULTS} (?:{_IS_WRONG}|{_ASHAMED})",
    f"{_BELIEF} that {_CLAIM} {_IS_WRONG}",
    f"{_STOP} {_SAY_THAT} {_CLAIM}{_STOPS}",
    f"{_STOP} {_CALL} {_WHOM} {_INSULTS}",
)
"""What others say, told to reject it."""
_NO_HATE = (
    "(?:i|we) (?:(?:do|did|could|would)(?:n't| not)|(?:would |could |have |'ve )?never) "
    r"(?:hate|despise|dislike|resent|insult|harm|hurt|attack)d?(?! (?:you|him|her)\b)"
)
_NOTHING_AGAINST = "(?:nothing against|no (?:hatred|hate|ill will) (?:against|for|towards?))"
_REFUSALS = (
    _NO_HATE,
    (
        "(?:(?:i|we) (?:(?:do|did|would)(?:n't| not)|would never)|(?:nobody|no one) would) want "
        r"((?!your?\b)\w+(?: \w+){0,3}?) to (?:be (?:harmed|hurt|attacked|killed)|suffer|die)"
    ),
    _NOTHING_AGAINST,
)
"""Hatred that is denied; hollow where a "but" follows."""
_MYSELF = (
    (
        "i(?:'m| am| was| feel| felt| must be| must have been| look| looked)(?: (?:like|as|quite|"
        f"too|being|a|an|the|real|complete|right|old|prize|total|absolute|bit of))* {_HOW}{_FOOL}"
    ),
    rf"what an? (?:\w+ )?{_FOOL} i (?:am|was)",
    f"ma(?:kes?|de) me (?:feel|look)(?: like)? {_HOW}{_FOOL}",
    f"call me {_HOW}{_FOOL}",
    "(?:silly|stupid|dumb|foolish) me",
    (
        "my (?:own )?(?:stupid|dumb|idiotic|silly|useless|terrible)(?= (?:old |new |little )?"
        "(?:brain|head|mistake|question|phone|computer|laptop|car|bike|printer|alarm|washing|"
        r"fridge|knee|back|feet|foot|fingers?|hands?|memory|wifi|internet|router|tv|oven)\b)"
    ),
)
"""What somebody says of himself."""
_OTHERWISE = (
    "(?:blue|coal|marsh|willow) tits?",
    "bastard (?:toadflax|swords?)",
    "bomb (?:disposal|squads?)",
    "booby traps?",
    "cock (?:crow(?:ed|s|ing)?|pheasants?|robins?)",
    "dick (?:cheney|clark|durbin|fosbury|francis|tracy|turpin|van dyke|whittington)",
    "guinea pigs?",
    "kill(?:ed|ing|s)? (?:the|a|that|this) (?:app|process(?:es)?|server|session|task|thread)",
    "killer (?:apps?|bees?|features?|instinct|sudokus?)",
    "moby dick",
    "monkey (?:bars|puzzle|wrench)",
    "pussy willows?",
    "retarded (?:growth|ignition|spark|timing)",
    "snake (?:bites?|plants?|river|venom)",
    "spotted dick",
)
"""Words that look bad and name something else."""
_TURN = re.compile(
    r"\b(?:all of them|banned|bless|certain|even more|everyone|for free|god did|implied|in writing|"
    r"jk|joking|kidding|lied|lol|look at your|more like|most of them|proof|prov(?:e|ing|es)|psych|"
    r"said (?:it|no ?body|no one)|still|try harder|whisper|worse|i know (?:it|so|that|you)|"
    r"(?:we|every(?:one|body)) (?:all )?knows?)\b|\b(?:but|(?<!\bi )just(?! because)|only|though|"
    r"although|instead)\b[^.!?]{0,40}\b(?:you|your|they|their|he|she|his|her|it|it's|them)\b|"
    r"\bi just\b[^.!?]{0,40}\b(?:you|your|they|their|he|she|his|her|them)\b|"
    r"^\. not\b|^[^.!]*\?|^[.,;!] [^.!?]{0,60}\bdid\b(?=[.,!]|$)|^,? (?:any ?more|according|at|"
    r"because|before|between|but|by|compared|during|except|for an?|from|in (?:his|her|their|your)|"
    r"just|like|on|only|or i|out loud|since|till|to your face|unlike|until|when|with|yet)\b"
)
_IRONY = re.compile(
    r"(?:\w that|\b(?:any|anything|apparently|as if|at least|because|believed?|clearly|congrat\w*|"
    r"convince|day|den(?:y|ies|ied)|disagree|doubts?|every|false|few|find|hardly|hope|hoping|if|"
    r"imagine|keep|lie|like|myth|never|news|no way|obviously|of course|once|one|only|"
    r"pretend(?:ing)?|prove|repeat|right|saying|single|sure|tell(?:ing)?|there|though|thought|to|too|unless|until|"
    r"untrue|used to|when|where|which|who|why|wish|wrong|yeah)\b[^.!?]{0,24}) ?$"
)
_HOLLOW = re.compile(
    r"\b(?:although|but|enough|except|however|i want|just|more|only|quickly|slowly|than|though|"
    r"too easy|yet)\b"
)
_QUESTIONED = re.compile(
    r"(?:n't|\b(?:apparently|explain|hardly|how|never|not|now|prove|since when|they say|told|"
    r"what's|who|why))\b[^.!?]{0,16}$"
)
_AGREES = re.compile(
    r"\b(?:accurate|agree[sd]?|amen|any ?more|anyway|apparently|boo hoo|but|correct|cry|do it|"
    r"don't care|finally|good on|guess|has a point|(?:is|was|are|were|he's|she's|they're) "
    r"(?:absolutely |so |quite )?right|lmao|lo+l|nothing wrong|now|since when|so be it|so what|"
    r"spot on|the right word|these days|they say|tough|truth|understatement|well said|who cares)\b|"
    r"^(?:so|yeah|oh) "
)
"""Sides with what is reported, or shrugs, anywhere in the comment."""
_TO_OTHERS = re.compile(
    r"(?:[\":]|\b(?:admit|repeat|says?|type|write)|\b(?:belongs?|deserves?|drink|eat|feed|hope|"
    r"inject|let us|look at|needs?|put|should|throw|wish|your)\b[^.!?]{0,30}) ?$"
)
"""Put into another's mouth or wished to somebody, within the words before."""
_OF_OTHERS = re.compile(
    r"[^.!?]{0,80}\b(?:again|because of|next|proud|so what|these|they|those|"
    r"to (?:date|marry|trust)|wom[ae]n|your?|you'll|you're)\b"
)
"""Turns on others, in the same sentence."""


_HINT = re.compile(rf"[\ _\W](?:{_INSULT}|{any_of(exactly(_HINTS))})")
_HARSH = re.compile(rf"[\ _\W]{_INSULT}")
_NEGATION = re.compile(r"n(?:o(?:t|ne|body)?|'?t|ever)(?![\w-])|hardly|anything but|far from")


def _pattern(branches: Iterable[str]) -> re.Pattern[str]:
    # After the sign before, or with the apostrophe of "he's".
    return re.compile(rf"(?:(?<![\w'])|(?<=\w)(?='))(?:{'|'.join(branches)})(?!\w)")


_DENIED, _REPORTED, _REFUSED, _OWN, _ELSE = map(
    _pattern, (_DENIALS, _REPORTS, _REFUSALS, _MYSELF, _OTHERWISE)
)


_BAD = rf"(?:(?:an?|really|actually|necessarily|simply|being|born) )*{_INSULT}"
_CRIMES = (
    "(?:an? )?(?:(?:cheat|criminal|crook|extremist|fanatic|killer|murderer|predator|racist|rapist|"
    "scrounger|sexist|terrorist|thug)s?|thief|thieves|lazy|violent)"
)
"""What not all of a group are said to be; of what makes animals of people "not all" says too much.
"""
_WHOLE = re.compile(
    "(?:(?:i (?:think|believe|know)(?: that)?|honestly,?|come on,?|no,) )?"
    rf"(?:{GROUP} {_NOT_BEING} (?:{_BAD}(?: n?or {_BAD})*|all {_CRIMES}|{_ILLS})|"
    rf"not (?:all|every) {GROUP} (?:is|are|was|were) {_CRIMES}|"
    rf"(?:{_NO_HATE}|(?:i have |i've )?{_NOTHING_AGAINST}) (?!other |your ){GROUP})"
    "(?:, (?:full stop|period))?[ .!]*"
)
"""A comment that is nothing but the denial of something bad about a group. Where more is said, it
may be of that group: "Muslims are not terrorists. Bombs plant themselves."."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A neutral text without what it denies, and the same with those of whom it denies it."""

    bare: str
    named: str


def without_denied(text: str) -> Rest | None:
    """Return what is left of a neutral text without what it denies; None if it denies nothing."""
    if len(text) > CHARS_MAX or not _HINT.search(f" {text}"):
        return None
    if _WHOLE.fullmatch(text):
        return Rest("", "")
    found = sorted(_found(text), key=re.Match.start)
    if not found:
        return None
    whom = [match[match.lastindex] if match.lastindex else "" for match in found]
    return Rest(_left(text, found, [""] * len(found)), _left(text, found, whom))


def _left(text: str, found: Sequence[re.Match[str]], instead: Sequence[str]) -> str:
    """Return a text with something instead of each match; of two that overlap, the first's."""
    kept: list[str] = []
    at = 0
    for match, other in zip(found, instead, strict=True):
        kept += [text[at : max(at, match.start())], other]
        at = max(at, match.end())
    return " ".join(" ".join([*kept, text[at:]]).split())


def _found(text: str) -> Iterator[re.Match[str]]:
    for match in _DENIED.finditer(text) if _negates(text) else ():
        after = text[match.end() : match.end() + AFTER_CHARS]
        if not (_IRONY.search(_before(match)) or _TURN.search(after)):
            yield match
    if not _AGREES.search(text):
        found = _REPORTED.finditer(text)
        yield from (match for match in found if not _QUESTIONED.search(_before(match)))
    found = _REFUSED.finditer(text)
    yield from (match for match in found if not _HOLLOW.search(text, match.end()))
    for match in _OWN.finditer(text):
        if not (_TO_OTHERS.search(_before(match)) or _OF_OTHERS.match(text, match.end())):
            yield match
    found = _ELSE.finditer(text)
    yield from (match for match in found if not _TO_OTHERS.search(_before(match)))


def _negates(text: str) -> bool:
    """Tell whether a harsh word stands after a negation: a fast look before the slow one."""
    starts = (match.start() for match in _HARSH.finditer(text))
    return any(_NEGATION.search(text, max(0, at - DENIAL_CHARS), at) for at in starts)


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - BEFORE_CHARS) : match.start()]
