"""The word lists behind the language hints: beginnings of words in English and German, chosen for this program.

They are kept apart from the rules so that a company's HR can read them on one page.
"""

from __future__ import annotations

import re


def _any(*words: str) -> re.Pattern[str]:
    """Any of *words*, each a regular expression that begins at a word."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE)


PEOPLE = r"you|he|she|they|du|er|sie"
COPULAS = (
    r"is|are|was|were|be|seems?|seemed|appears?|appeared|comes? across as|came across as|can be|could be|"
    r"ist|bist|sind|war|warst|waren|wirkt|wirkst|wirkte|scheint|schien"
)
TRAITS = (
    r"abrasive|aggressive|ambitious|arrogant|bossy|bubbly|charming|confident|cold|defensive|difficult|dominant|emotional|"
    r"friendly|harsh|insecure|intense|irrational|judgmental|judgemental|kind|lazy|likeable|likable|loud|moody|naive|nice|"
    r"opinionated|passive|pushy|quiet|sensitive|shy|strident|stubborn|sweet|temperamental|timid|unlikeable|"
    r"aggressiv|ambitioniert|anstrengend|arrogant|bossig|charmant|dominant|ehrgeizig|emotional|empfindlich|faul|forsch|"
    r"freundlich|kühl|laut|launisch|naiv|nett|passiv|ruhig|schüchtern|schwierig|sensibel|selbstbewusst|stur|sympathisch|"
    r"unsicher|unsympathisch|zickig|zurückhaltend"
)
"""Words for what somebody is rather than for what they did (rule L1)."""

CLICHES = _any(
    r"great (?:year|job|work|attitude)\b", r"good (?:year|job|work)\b", r"excellent (?:year|job|work)\b",
    r"team ?player", r"rock ?star", r"hard[- ]?work(?:er|ing)\b", r"keep (?:it|this) up\b",
    r"keep up the (?:good|great) work", r"go(?:es)? above and beyond", r"went above and beyond",
    r"(?:gives?|gave) (?:110|100) ?%", r"valuable (?:asset|member)", r"pleasure to work with", r"well done\b",
    r"gut(?:e|es|er) (?:jahr|job|arbeit)\b", r"tolle[rs]? (?:jahr|job|arbeit)\b", r"super (?:jahr|job|arbeit)\b",
    r"weiter so\b", r"teamplayer", r"leistungsträger", r"sehr engagiert\b", r"(?:stets|immer) bemüht\b", r"fleißig\b",
    r"wertvolle[sr]? (?:mitglied|mitarbeiter)", r"gut gemacht\b",
)  # fmt: skip
"""Praise that would fit anybody (rule L2)."""

FIXED = _any(
    r"always\b", r"never\b", r"(?:a )?natural(?:ly gifted| talent| leader)?\b(?! language| gas| number| sort)",
    r"genius", r"born to\b", r"born leader", r"brilliant", r"gifted\b", r"most \w+(?: \w+)? ever\b",
    r"(?:the )?best \w+ (?:we|i) (?:ever|have)", r"nie(?:mals)?\b", r"immer\b(?! noch| wenn| mehr| weniger)",
    r"naturtalent", r"genie\b", r"genial", r"geborene", r"brillant", r"hochbegabt", r"ausnahmetalent",
)  # fmt: skip
"""Gifts and words without exception (rule L7)."""

PROTECTED = _any(
    r"pregnan", r"maternity", r"paternity", r"parental leave", r"miscarr", r"ivf\b", r"breastfe", r"sick[- ]leave",
    r"sick days?\b", r"sickness",
    r"(?:her|his|their|your|my) (?:illness|disease|health|diagnosis|disability|religion|faith|age|accent|kids|children)\b",
    r"disabilit", r"depress(?:ed|ion)\b", r"burn-?out\b", r"psychotherap", r"in therapy\b", r"cancer\b", r"adhd\b",
    r"autis", r"menopaus", r"too (?:old|young)\b", r"at (?:her|his|their|your) age\b", r"religious", r"muslim",
    r"jewish", r"catholic", r"ramadan", r"headscarf", r"divorc", r"(?:is|was|got|getting) married\b", r"childcare",
    r"single (?:mother|father|parent)", r"trade union", r"labou?r union", r"union member",
    r"(?:is|was) (?:gay|lesbian|bisexual|trans(?:gender)?)\b", r"sexual orientation", r"ethnic", r"nationality",
    r"schwanger", r"mutterschutz", r"elternzeit", r"fehlgeburt", r"stillzeit",
    r"krank(?!enhaus|enhäus|enkasse|envers|enpfleg)", r"erkrank", r"schwerbehind", r"behinderung\b", r"depression",
    r"psychotherap", r"in therapie\b", r"krebs(?:erkrank|diagnos|\b)", r"wechseljahre", r"zu (?:alt|jung)\b",
    r"(?:ihr|sein|dein|euer)e?[mrsn]? (?:alter|glaube|religion|akzent|kinder|krankheit)\b", r"religiös", r"muslim",
    r"jüdisch", r"kopftuch", r"scheidung", r"verheiratet", r"kinderbetreuung", r"alleinerziehend", r"gewerkschaft",
    r"betriebsrat", r"schwul\b", r"lesbisch", r"sexuelle orientierung", r"ethnisch", r"staatsangehörigkeit",
)  # fmt: skip
"""Health, family and protected grounds (rule L12)."""

_MONTHS = (
    r"january|february|march|april|may\b|june|july|august|september|october|november|december|"
    r"januar|februar|märz|mai\b|juni|juli|oktober|dezember"
)
SITUATION = re.compile(
    rf"\d|[“”„«»]|(?<!\w)(?:{_MONTHS}|monday|tuesday|wednesday|thursday|friday|montag|dienstag|mittwoch|donnerstag|freitag|"
    r"when\b|while\b|during\b|for example|for instance|in the \w+ (?:meeting|call|review|project)|last (?:week|month|quarter)|"
    r"als (?:du|sie|er|wir|der|die|das)\b|während\b|zum beispiel|bei der \w|im \w+(?:projekt|termin|meeting)|"
    r"letzte[nr]? (?:woche|monat|quartal))",
    re.IGNORECASE,
)
"""Signs of an event, a date, a thing or a quoted act."""

EVALUATIVE = _any(
    r"good\b", r"well\b", r"great", r"strong", r"excellent", r"reliab", r"solid", r"poor", r"weak", r"outstanding",
    r"impress", r"thorough", r"careful", r"clear", r"better", r"improved", r"struggl", r"valuable", r"help", r"late\b",
    r"gut\b", r"gute", r"sehr", r"stark", r"zuverlässig", r"hervorragend", r"schwach", r"sorgfältig", r"klar",
    r"besser", r"verbesser", r"wertvoll", r"hilf", r"verspät",
)  # fmt: skip
RESULTS = re.compile(
    r"\d|(?<!\w)(?:deliver|ship|launch|reduc|increas|finish|complet|clos|sav|solv|fix|cut\b|won\b|releas|migrat|"
    r"geliefert|gesenkt|gesteigert|abgeschlossen|fertig|gelöst|behoben|gewonnen|eingeführt|reduziert|erhöht|umgestellt)",
    re.IGNORECASE,
)
NEXT_STEP = re.compile(
    r"(?<!\w)(?:next time|from now on|by (?:the )?(?:end|\d|"
    + _MONTHS
    + r")|will\b|wants? to|plans? to|agreed|let(?:'|’)s|try\b|start\b|stop\b|ask\b|book\b|take\b|lead\b|next step|"
    r"nächste[ns]? mal|ab jetzt|bis (?:ende|\d|"
    + _MONTHS
    + r")|wird\b|werden\b|möchte|will\b|vereinbart|probier|beginn|frag|buch|nächster schritt)",
    re.IGNORECASE,
)
"""A next step: who does what, when."""

GROWTH_WORDS = _any(
    r"should\b", r"needs? to\b", r"must\b", r"has to\b", r"have to\b", r"could have\b", r"did(?: not|n['’]t)\b",
    r"too (?:late|slow|long|often|little|much)\b", r"improve\b", r"improvement", r"next time", r"better if", r"struggl",
    r"missed\b", r"lack(?:s|ed|ing)?\b", r"rather than\b", r"interrupt", r"avoid", r"without telling",
    r"raise (?:this|it|that)\b", r"sollte", r"muss\b", r"müsste", r"hätte\b",
    r"zu (?:spät|langsam|lange|oft|wenig|viel)\b", r"verbesser", r"nächstes mal", r"fehlt", r"versäum", r"verpasst",
    r"vermeid", r"unterbr[aio]ch", r"ansprechen\b", r"stattdessen",
)  # fmt: skip
"""What should be different."""
