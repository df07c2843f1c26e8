"""Words that the selector knows, in English and German: what they mean for a note, never a judgement about a person."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"),
    *("januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember"),
)
MONTH_NUMBERS = {name: number % 12 + 1 for number, name in enumerate(MONTHS[:12])} | {
    "januar": 1,
    "februar": 2,
    "märz": 3,
    "mai": 5,
    "juni": 6,
    "juli": 7,
    "oktober": 10,
    "dezember": 12,
}
NEGATIONS = _words(
    """
    no not none never nobody nothing nowhere neither nor without cannot kein keine keinen keinem keiner keines nicht
    nie niemals niemand nichts nirgends weder ohne
    """
)
ENGLISH = _words(
    """
    the and but for from with was were has had have been being are that this these those then than them they their
    there she her his him its our your you who which what when where while will would could should can may might must
    did does done into onto over out off about after before again also all any because both each few more most other
    own same some such too very just only now one two got get made make went come came take took put let say said says
    says since until still even every during between through per via let's i'm i've we've it's that's as at by in is
    it me my of on or to up us we he be am an so if do
    """
)
GERMAN = _words(
    """
    der die das den dem des ein eine einen einem einer eines und oder aber mit von vom für bei beim aus auf ist war
    sind waren wurde wurden hat habe haben hatte hatten wird werden sein seine ihre ihr ihm ihn sie wir uns unser
    unsere ich mich mir mein meine dass weil wenn als auch noch schon nur nach vor über unter zum zur zwischen durch
    gegen ohne seit bis wie was wer wo dann denn sich man sehr mehr alle alles diese dieser dieses jetzt hier dort
    einmal zweimal etwas doch wieder ganz
    """
)
PLAIN = ENGLISH | GERMAN
"""Words that carry no meaning of their own."""

# ---------------------------------------------------------------- who a sentence is about

LEADERS = _words(
    """
    today yesterday tonight now then also again finally meanwhile later this that last next past week month quarter
    year morning afternoon evening day days weeks months monday tuesday wednesday thursday friday saturday sunday in
    on at the a an of during after before since once just well so and but by early late mid end beginning our my new
    great good nice fun news fyi note meeting because when while as though although however earlier recently this's
    heute gestern vorgestern nun dann auch wieder endlich später diese dieser diesem letzte letzten letzter nächste
    nächsten woche monat quartal jahr morgen nachmittag abend tag am im in der die das den dem beim nach vor seit
    montag dienstag mittwoch donnerstag freitag samstag sonntag und aber anfang mitte ende kürzlich hat ist war wurde
    weil als während obwohl
    """
) | frozenset(MONTHS)
BEFORE_OBJECTS = _words(
    """
    with for to from of without than like about among between via near per against toward towards behind beside mit
    für von bei ohne an zu zur zum über gegen wie als durch
    """
)
AGENT = frozenset({"by", "von", "durch"})
PRAISED_TO = _words(
    """
    kudos congrats congratulations shoutout shout props hats applause thanks thank credit praise bravo cheers welldone
    lob glückwunsch danke dank applaus respekt hut
    """
)
OWN_SUBJECT = _words(
    """
    i i'm i've i'd i'll we we've we're ich wir
    """
)
OWN_OBJECT = _words(
    """
    me my mine us our ours myself mir mich mein meine meinen meinem meiner uns unser unsere unseren
    """
)
THIRD = _words(
    """
    she he they her his him their them hers sie er ihr ihre ihren ihrem ihrer ihm ihn sein seine seinen
    """
)
SPOKEN_TO = _words(
    """
    you your yours you're you've du dein deine deinen deiner dich dir sie ihr ihre ihren ihnen
    """
)
TELLING = _words(
    """
    told said says tell reported mentioned thanked thank thanks praised praise credited credit noticed saw see seen
    heard asked recommend recommended appreciate appreciated wrote liked impressed enjoyed grateful confirm confirmed
    learned sagte sagt erzählt erzählte berichtet berichtete bedankt dankt dankte lobt lobte gelobt gesehen bemerkt
    gehört gelernt beeindruckt gefallen bestätigt
    """
)
LINKS = _words(
    """
    that because how whether if and but so where while since dass weil wie ob und aber wo
    """
)
COMMON_NAMES = _words(
    """
    will mark may rose grace hope joy faith bill frank art drew dawn summer june april august can ernst sky rich pat
    rob sue bob jack page dean chase grant miles max long young king
    """
)
"""First names that are everyday words as well: only the whole name means the person."""
INTRODUCING = _words(
    """
    the a an of with for at to about by in from on into over our his her their my
    der die das den dem des ein eine einen einem einer zur zum von vom mit bei beim für über an auf in
    """
)
"""Words that stand before what a sentence is about."""

# ---------------------------------------------------------------- what a sentence is worth

RESULTS = (
    *("accept", "achiev", "agreed", "answer", "approv", "arrang", "autom", "avoid", "brought", "built", "caught", "chang"),
    *("check", "clos", "complet", "convinc", "correct", "cut ", "decid", "deliver", "design", "docum", "doubl", "drop", "earn"),
    *(
        "elimin",
        "establish",
        "explain",
        "fell",
        "fewer",
        "finish",
        "fixed",
        "found",
        "gain",
        "grew",
        "halv",
        "handed",
        "handle",
    ),
    *(
        "help",
        "held",
        "implement",
        "improv",
        "increas",
        "introduc",
        "kept",
        "launch",
        "leading",
        "led ",
        "less",
        "lost",
        "lower",
    ),
    *(
        "merg",
        "migrat",
        "miss",
        "moved",
        "negotiat",
        "opened",
        "organi",
        "owned",
        "plann",
        "prepar",
        "present",
        "prevent",
        "propos",
    ),
    *(
        "publish",
        "ran ",
        "recover",
        "reduc",
        "releas",
        "remov",
        "repair",
        "replac",
        "resolv",
        "restor",
        "rewr",
        "rework",
        "saved",
    ),
    *(
        "serv",
        "shipp",
        "signed",
        "simpl",
        "sold",
        "solv",
        "suggest",
        "support",
        "taught",
        "tested",
        "told",
        "took",
        "train",
        "trust",
    ),
    *(
        "updat",
        "upgrad",
        "visit",
        "volunteer",
        "won ",
        "wrote",
        "switch",
        "complain",
        "delay",
        "late",
        "wrong",
        "mistake",
        "fail",
    ),
    *("broke", "outage", "cancel", "escalat"),
    *(
        "abgeschl",
        "abgestimm",
        "angebot",
        "aufgeb",
        "automat",
        "beantwort",
        "behob",
        "bericht",
        "beschwer",
        "eingearb",
        "eingef",
    ),
    *("eingehalt", "entschied", "entwick", "erklär", "erled", "erreicht", "erstell", "fehler", "fertig", "gebaut", "gebracht"),
    *("gefund", "gehalt", "geholf", "gekl", "geleit", "gelief", "gelös", "gelöst", "gemeld", "gemoder", "gepr", "geschrie"),
    *("geschul", "gesenk", "gespart", "gestell", "getest", "gewonn", "gezeig", "kündig", "produktiv", "repar", "schneller"),
    *("unterschr", "umgest", "umgesetz", "verbess", "vereinbar", "vereinf", "vermied", "vermitt", "verspät", "verläng"),
    *("vorbere", "vorgeschl", "weniger", "übergeb", "übernomm", "gewachs", "gestiegen", "gesunk", "pünktlich"),
)
LIGHT = _words(
    """
    looked talked discussed worked joined continued planned needed wanted used moved happened attended started tried asked
    seemed liked loved enjoyed booked arrived called chatted tired excited bored interested supposed expected based related
    indeed agreed prepared waited watched listened hoped wished passed followed included received noted ended lasted shared
    missed gemacht gesprochen geredet gewesen gegangen gekommen gegessen getrunken gehört gesehen gedacht gewartet gesamt
    gelesen     gefragt geworden gegeben genommen gebucht getroffen geblieben gesessen gemeinsamen genannten
    """
)
"""Past participles that show nothing that was done."""
OFF_TOPIC = (
    *("lunch", "breakfast", "dinner", "pizza", "burger", "cake", "cookie", "snack", "restaurant", "barbecue", "beer", "drinks"),
    *(
        "coffee",
        "delicious",
        "tasty",
        "birthday",
        "wedding",
        "baby",
        "kids",
        "my son",
        "my daughter",
        "dog ",
        "puppy",
        "kitten",
    ),
    *("weather", "sunny", "rain", "snow", "holiday", "vacation", "beach", "easter", "christmas", "new year's", "weekend"),
    *(
        "football",
        "soccer",
        "tennis",
        "marathon",
        "yoga",
        "gym",
        "concert",
        "movie",
        "netflix",
        "on tv",
        "horoscope",
        "lottery",
    ),
    *(
        "traffic jam",
        "my train",
        "my bus",
        "commut",
        "die bahn",
        "mein zug",
        "dentist",
        "haircut",
        "tired",
        "hangover",
        "carnival",
        "party",
        "secret santa",
        "mondays",
        "cannot wait",
    ),
    *(
        "mittagess",
        "frühstück",
        "abendess",
        "lecker",
        "kuchen",
        "kaffee",
        "grillen",
        "geburtstag",
        "hochzeit",
        "hund ",
        "wetter",
    ),
    *(
        "sonnig",
        "regen",
        "schnee",
        "urlaub",
        "ferien",
        "strand",
        "ostern",
        "weihnacht",
        "fußball",
        "fussball",
        "konzert",
        "kino",
    ),
    *("wochenende", "stau ", "zahnarzt", "müde", "karneval", "fasching", "feierabend", "montage ", "kinder "),
)
LAUGHS = (
    *("haha", "hihi", "lol", "rofl", "kidding", "joking", "a joke", "scherz", "kleiner witz", "spaß beiseite"),
    *(":d", ":-d", "xd", ";)", ";-)", ":p", ":-p", "😉", "😂", "🤣", "😜", "😅", "🙃", "😄", "😁"),
)
SMILES = (":)", ":-)", "🙂", "😊")
EARLIER = (
    *(
        "last year",
        "previous year",
        "year before",
        "years ago",
        "two years ago",
        "previous half",
        "previous cycle",
        "last cycle",
    ),
    *("previous period", "last half-year", "last half year", "the half-year before", "back then"),
    *(
        "letztes jahr",
        "letzten jahr",
        "letzte jahr",
        "im vorjahr",
        "vorjahr",
        "vor zwei jahren",
        "jahren",
        "im letzten halbjahr",
    ),
    *("im vorigen", "letztes halbjahr", "vergangenen jahr", "damals", "last autumn", "last winter", "letzten herbst"),
)
COMPARED = (
    *(
        "than",
        "compared",
        "versus",
        "vs",
        "since",
        "from",
        "against",
        "as in",
        "als",
        "gegenüber",
        "seit",
        "verglichen",
        "statt",
    ),
    *("instead", "like", "wie"),
)
PLANS = (
    *("plan to", "plans to", "will ", "going to", "next week", "tomorrow", "todo", "to do:", "need to", "should talk", "let's"),
    *("morgen ", "nächste woche", "wird ", "werde ", "müssen wir", "geplant"),
)

# ---------------------------------------------------------------- what criteria are about

CONCEPTS = (
    (  # keeping what was agreed
        *(
            "deadline",
            "deliver",
            "shipped",
            "launch",
            "milestone",
            "on time",
            "in time",
            "too late",
            "delay",
            "finish",
            "complet",
        ),
        *(
            "schedul",
            "ahead of",
            "days early",
            "early",
            "overdue",
            "went live",
            "live ",
            "in production",
            "into production",
            "agreed date",
        ),
        *(
            "agreed day",
            "released",
            "rolled out",
            "roll-out",
            "migrat",
            "go-live",
            "handed in",
            "done by",
            "missed",
            "kept the",
        ),
        *("days after", "days longer", "before the date", "opening", "switch", "waits for", "termin", "frist", "geliefert"),
        *("lieferung", "fertig", "verspät", "pünktlich", "abgeschlossen", "rechtzeitig", "früher", "später als", "in betrieb"),
        *("produktiv", "vereinbarten", "umgestellt", "umgestiegen", "eingehalten", "verzug", "erledigt"),
    ),
    (  # careful work
        *(
            "quality",
            "bug",
            "defect",
            "error",
            "mistake",
            "test",
            "review",
            "accura",
            "thorough",
            "rework",
            "document",
            "root cause",
        ),
        *(
            "wrong",
            "correct",
            "repair",
            "checked",
            "verif",
            "fixed",
            "fault",
            "broke",
            "outage",
            "stood still",
            "stopped",
            "duplicate",
        ),
        *(
            "cause",
            "tidied",
            "cleaned",
            "sorted",
            "audit",
            "rounding",
            "current again",
            "guide",
            "manual",
            "handbook",
            "restored",
        ),
        *(
            "qualität",
            "fehler",
            "falsch",
            "prüf",
            "getestet",
            "sorgfält",
            "nacharbeit",
            "dokumentation",
            "berichtigt",
            "korrig",
        ),
        *("behoben", "ursache", "repariert", "überarbeit", "ausfall", "stillstand", "aufgeräumt", "dublett", "handbuch"),
    ),
    (  # those whom the work is for
        *("customer", "client", "user", "complaint", "ticket", "satisfaction", "renewal", "escalat", "feedback from", "nps"),
        *(
            "cancel",
            "contract",
            "guest",
            "patient",
            "buyer",
            "caller",
            "request",
            "visit",
            "interview",
            "wishes",
            "stayed with",
        ),
        *("signed for", "kept", "switch of", "turnover", "revenue", "offer", "waiting time", "wait ", "what they want", "need"),
        *(
            "kund",
            "anwender",
            "nutzer",
            "beschwerde",
            "reklamation",
            "zufriedenheit",
            "rückmeldung",
            "anfrage",
            "kündig",
            "vertrag",
        ),
        *("verlänger", "besuch", "wünsche", "angebot", "umsatz", "wartezeit", "anruf"),
    ),
    (  # working with others
        *("helped", "help", "together", "team", "pair", "handover", "support", "cooperat", "collaborat", "coordinat", "joint"),
        *("shared", "swapped", "stood in", "stepped in", "covered for", "cover ", "took my", "shift", "colleague", "newcomer"),
        *(
            "with me",
            "without me",
            "taught",
            "showed",
            "thank",
            "mediat",
            "agreed with",
            "agreed on one",
            "two departments",
            "cut",
        ),
        *("gemeinsam", "zusammen", "hilf", "geholfen", "unterstütz", "übergabe", "abgestimmt", "abstimmung", "eingesprungen"),
        *("vertret", "kolleg", "gezeigt", "getauscht", "dank", "vermittelt"),
    ),
    (  # saying things clearly
        *("explain", "present", "meeting", "wrote", "writing", "summar", "clear", "inform", "announc", "listen", "transparen"),
        *(
            "workshop",
            "told",
            "openly",
            "honest",
            "talk",
            "speech",
            "session",
            "drawing",
            "minutes",
            "letter",
            "question",
            "answer",
        ),
        *(
            "interrupt",
            "cut off",
            "misunderst",
            "who decides",
            "spoke",
            "call ",
            "lunch-and-learn",
            "slides",
            "reply",
            "replied",
        ),
        *(
            "erklär",
            "präsent",
            "besprech",
            "zusammenfass",
            "verständlich",
            "informier",
            "zugehört",
            "moderier",
            "gesagt",
            "offen",
        ),
        *("gespräch", "vortrag", "beantwort", "antwort", "missverständ", "geschrieben", "unterbroch", "gemeldet"),
    ),
    (  # acting without being asked
        *(
            "took over",
            "initiative",
            "proactiv",
            "responsib",
            "decision",
            "decided",
            "suggest",
            "propos",
            "improve",
            "volunteer",
        ),
        *(
            "solved",
            "owned",
            "on my own",
            "on her own",
            "on his own",
            "reduced",
            "cut",
            "brought",
            "saved",
            "lowered",
            "halved",
        ),
        *(
            "introduced",
            "changed",
            "reworked",
            "automat",
            "simplif",
            "merged",
            "less",
            "fewer",
            "shorter",
            "grew",
            "more turnover",
        ),
        *("stayed until", "admitted", "arranged", "set up", "built", "prepar", "took the"),
        *(
            "initiativ",
            "verantwort",
            "entschied",
            "entscheidung",
            "vorgeschlagen",
            "vorschlag",
            "verbesser",
            "gelöst",
            "übernommen",
        ),
        *(
            "weniger",
            "gesenkt",
            "gespart",
            "eingeführt",
            "vereinfacht",
            "automatisiert",
            "vereinbart",
            "zugegeben",
            "vorbereit",
        ),
    ),
    (  # getting better
        *("learn", "train", "course", "skill", "certificat", "mentor", "practis", "practic", "feedback", "shadow", "onboard"),
        *(
            "curious",
            "taught",
            "showed",
            "newcomer",
            "study",
            "studied",
            "exam",
            "workshop",
            "next time",
            "tried",
            "lunch-and-learn",
        ),
        *("gelernt", "lernen", "schulung", "fortbildung", "weiterbildung", "einarbeit", "zertifi", "fähigkeit", "gezeigt"),
        *("nächstes mal", "ausprobiert", "kurs"),
    ),
    (  # leading
        *("coach", "delegat", "one-on-one", "1:1", "hire", "hiring", "interview", "feedback to", "priorit", "direct report"),
        *("team goal", "appoint", "staff", "promot", "chair", "steer", "rota", "budget"),
        *("führung", "delegier", "mitarbeitergespräch", "einstellung", "bewerb", "team aufgebaut", "anleit", "leit", "besetz"),
    ),
)
"""Groups of word beginnings, one for each kind of thing that criteria ask for. A criterion takes on a group when two of its
own signals are in it, so that a company's own criteria work like the built-in ones."""
