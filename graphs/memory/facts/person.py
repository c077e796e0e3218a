"""Whether somebody speaks of themselves: the words by which languages say "I" and "my"."""

import re

from graphs.inert import folded
from graphs.memory.stem import guess_language, tokenise
from graphs.memory.stopwords import STOPWORDS

READ = 1_000
"""Characters of a text by which its language is told."""

_WORDS = {
    "english": r"i|i'm|i've|i'd|i'll|me|my|mine|myself|we|our|us",
    "german": r"ich|mich|mir|mein\w*|wir|uns\w*",
    "french": r"je|j'\w+|moi|m'\w+|mon|ma|mes|nous|notre|nos",
    # These leave "I" out where the verb tells: the commonest verbs stand for all.
    "spanish": r"yo|mi|mis|mío|mía|me|conmigo|nosotros|nuestr\w+|soy|estoy|tengo|vivo|trabajo|"
    r"quiero|puedo|hablo|odio|nací|"
    r"estudio|voy|prefiero|conduzco|toco|llevo|juego|compré|somos|tenemos|vivimos",
    "portuguese": r"eu|meus?|minhas?|comigo|nós|nosso\w*|nossa\w*|sou|estou|tenho|moro|trabalho|"
    r"gosto|nasci|estudo|prefiro|"
    r"vou|quero|falo|odeio|adoro|somos|temos",
    "italian": r"io|mio|mia|miei|mie|mi|noi|nostr\w+|sono|ho|abito|vivo|lavoro|odio|adoro|studio|"
    r"preferisco|suono|siamo|"
    r"abbiamo|m'\w+",
    "dutch": r"ik|mijn|mij|wij|ons|onze",
    "scandinavian": r"jag|mig|min|mitt|mina|jeg|meg|mitt|mine|vi|vår\w*|vores",
    "finnish": r"minä|minun|minua|minulla|minulle|mun|mulla|olen|asun|pidän|työskentelen|rakastan",
    "polish": r"ja|mój|moja|moje|mojej|mojego|mnie|mi|jestem|mam|mieszkam|pracuję|lubię|kocham|uczę|"
    r"gram|wolę|urodził[ae]m",
    "czech": r"já|můj|moje|moji|mám|jsem|bydlím|pracuji|mě|mně",
    "turkish": r"ben|benim|bana|beni|bende|bizim|\w{2,}(?:yorum|\wım|\wim|\wum|\wüm)",  # noqa: RUF001
    "hungarian": r"én|nekem|engem|vagyok|lakom|élek|dolgozom|szeretem|szeretek",
    "romanian": r"eu|meu|mea|mei|mele|îmi|sunt|am|locuiesc|lucrez|m-am",
    "indonesian": r"saya|aku|ku\w*|kami",
    "vietnamese": r"tôi|mình",
    "russian": r"я|меня|мне|мной|мой|моя|моё|мое|мои|мою|моего|моей|моём|моих|мы|наш\w*|нас|нам|"
    r"живу|работаю|люблю|учусь|"
    r"родил\w{1,3}|є|мені|мене|моє|мої|живу|працюю",
    "greek": r"εγώ|μου|εμένα|με|είμαι|έχω|μένω|δουλεύω|μας",
    "hebrew": r"אני|שלי|לי|אותי|אנחנו|\w{2,}תי",
    "arabic": r"أنا|انا|إني|إنني|أني|أنني|لي|لدي|لديّ|عندي|معي|نحن|اسمي|عمري|"
    r"(?:و)?(?:أسكن|أعيش|أعمل|أحب|أكره|أفضل|أفضّل|أدرس|أملك|أعاني|أتعلم|أعزف|أقود|أشرب|آكل|ولدت|انتقلت)|"
    r"(?:أخت|أخ|أم|أب|والد|والدت|زوج|زوجت|ابن|ابنت|كلب|قطت|عمل|بيت|منزل|طبيب|صديق|صديقت|مدير|عائلت|سيارت|هاتف|حساسيت)ي",
    "hindi": r"मैं|मैंने|मेरा|मेरी|मेरे|मुझे|मुझको|हम|हमारा|हमारी|हमारे",
}
_SPOKEN = re.compile(rf"(?<![\w'])(?:{'|'.join(_WORDS.values())})(?!\w)", re.IGNORECASE)
_BY_LANGUAGE = {name: re.compile(words, re.IGNORECASE) for name, words in _WORDS.items()}
_AMBIGUOUS = frozenset(
    ("i", "me", "mi", "ma", "mes", "mon", "ja", "vi", "ho", "io", "ben", "mina", "mine", "min", "mam", "eu", "am",
     "mun", "noi", "sono", "sou", "us", "ons", "aku", "mie", "mim", "mele", "studio", "odio", "ku", "mig", "vivo",
     "em", "nos", "mai")
)  # fmt: skip
"""Words of other meanings in other languages ("ja" is "I" in Polish, "yes" in German): they count in their own."""
_WITHOUT_SPACES = re.compile(
    # Chinese, Japanese, Korean (whose particles cling to the word), Thai.
    r"我|咱|俺|本人|私|僕|わたし|ぼく|自分|うちの"
    r"|(?<!\w)(?:나|저|내|제|우리|저희)(?:는|가|의|를|에게|도|한테)?(?!\w)|ฉัน|ผม|ดิฉัน|หนู|เรา"
)

_POINTS_BACK = re.compile(
    r"(?<!\w)(?:he|she|they|his|her|their|er|sie|sein\w*|ihr\w*|il|elle|ils|elles|son|sa|ses|él|"
    r"ella|ellos|ellas|su|sus|"
    r"ele|ela|lui|lei|hij|zij|он|она|они|его|её|их|هو|هي|هم)(?!\w)|他|她|彼",  # noqa: RUF001
    re.IGNORECASE,
)


def speaks_of_self(text: str) -> bool:
    """Whether a text says "I", "my" or the like, in one of some twenty languages."""
    text = folded(text).replace("’", "'")  # noqa: RUF001
    if _WITHOUT_SPACES.search(text):
        return True
    language: str | None = ""
    for word in _SPOKEN.findall(text):
        if word == "I" or (word.lower() not in _AMBIGUOUS and not _is_shouted(word, text)):
            return True
        language = _language(text) if language == "" else language
        if not _is_shouted(word, text) and (language is None or _BY_LANGUAGE[language].fullmatch(word)):
            return True
    return False


def _is_shouted(word: str, text: str) -> bool:
    """ "EU" and "US" are no Portuguese and no English "I"."""
    return len(word) > 1 and word.isupper() and not text.isupper()


def _language(text: str) -> str | None:
    """The language by which an ambiguous word is judged; None where nothing tells."""
    words = tokenise(text[:READ])
    guessed = {"swedish": "scandinavian"}.get(name := guess_language(words), name)
    return guessed if guessed in _WORDS and not STOPWORDS.get(name, frozenset()).isdisjoint(words) else None


def points_back(text: str) -> bool:
    """Whether a text speaks of somebody who was named before it: "She lives in Porto"."""
    return _POINTS_BACK.search(folded(text)) is not None
