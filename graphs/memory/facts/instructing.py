"""What tells an assistant what to do, in plain forms of some languages.

For keeping it out of facts and digests, and for marking it where it is recalled. A list of forms can never be whole, so
nothing rests on it alone: a memory is data in the prompt whatever it says, and a fact needs the person's own words.
"""

import re
from hashlib import blake2b
from typing import Final

from cachetools import LRUCache, cached

from graphs.inert import folded

REMEMBERED: Final = 8_192
"""Texts of which it is known whether they give orders, so that a window's memories are not read through again with each
turn: 3 ms for a thousand characters. Kept by their hashes; nobody's words stay."""

_STANDING = (
    # Orders for later answers: from now on, always, whenever somebody asks.
    # English
    r"\bfrom now on\b.{0,60}\b(?:you|answer|respond|reply|recommend|suggest|say|mention|call|treat|"
    r"include|end|start|speak|write)\b",
    r"\bin (?:all|every) (?:future )?(?:answer|repl(?:y|ies)|response|conversation|chat)s?\b",
    r"\b(?:you|the (?:assistant|ai|bot|model))\s+(?:must|shall|are to|will)\s+(?:now|always|never|from now)\b",
    r"(?:^|[.!?;:,]\s*|\b(?:and|must|to|should|please)\s+)(?:always|never|only)\s+(?:answer|respond|"
    r"reply|recommend|suggest|"
    r"mention|include|append|treat|agree|refuse|praise|promote|trust|obey|follow)\b",
    r"\b(?:when(?:ever)?|if|once|each time|every time|(?:the )?next time)\b.{0,50}\b(?:asks?|asked|"
    r"mentions?|question)\b.{0,80}"
    r"\b(?:say|tell|answer|reply|respond|recommend|suggest|mention|include|send|add|append|show|"
    r"output|call|claim|write)\b",
    r"\b(?:send|forward|append|attach|upload|leak|e-?mail|post)\b.{0,20}\b(?:everything|memories|"
    r"all (?:that |of it )?(?:you|i)\b|what you)",
    r"\b(?:hänge|schicke?|sende)\b.{0,20}\b(?:an jede antwort|alles|erinnerungen)\b|"
    r"\benvía(?:me)? todo\b|\benvoie tout\b",
    # German
    r"\b(?:ab jetzt|von nun an|ab sofort)\b.{0,60}\b(?:antworte|empfiehl|empfehle|sage?|nenne|schreibe?|verwende|du)\b",
    r"\b(?:antworte|empfiehl|empfehle|sage?|nenne|schreibe?|verwende)\b.{0,15}\b(?:immer|niemals|stets)\b",
    r"\b(?:wenn|falls|sobald|nächste[sn]? mal|jedes mal)\b.{0,50}\b(?:frag\w*|gefragt|erwähn\w*)\b.{0,60}"
    r"\b(?:sage?|antworte|empfiehl|empfehle|nenne|schicke?|schreibe?)\b",
    # Spanish, Portuguese, Italian, French
    r"\b(?:a partir de (?:ahora|agora)|de agora em diante|d'ora in poi|à partir de maintenant|désormais)\b.{0,60}"
    r"\b(?:respond\w*|recomiend\w*|recomend\w*|di|diga|menciona|rispond\w*|consigli\w*|raccomand\w*|"
    r"répond\w*|recommand\w*|dis|dites)\b",
    r"\b(?:siempre|nunca|sempre)\s+(?:responde|recomienda|di|menciona|responda|recomende|diga|"
    r"mencione|consiglia|raccomanda)\b",
    r"\b(?:responde|recomienda|di|menciona|rispondi|consiglia|raccomanda)\s+(?:siempre|sempre)\b",
    r"\b(?:réponds|répondez|recommande|recommandez|dis|dites)\s+toujours\b",
    r"\b(?:cuando|si|cada vez que|la próxima vez que)\b.{0,50}\bpregunt\w+.{0,60}\b(?:di|responde|recomienda|envía)\b",
    r"\b(?:quand|lorsqu\w*|si|chaque fois qu\w*|la prochaine fois qu\w*)\b.{0,50}\b(?:demand\w+|interrog\w+).{0,60}"
    r"\b(?:dis|réponds|recommande|envoie)\b",
    r"\b(?:quando|se|sempre que|da próxima vez que|ogni volta che|la prossima volta che)\b.{0,50}"
    r"\b(?:pergunt\w+|chied\w+|chiest\w+|domand\w+).{0,60}\b(?:diga|responda|recomende|di'|rispondi|"
    r"consiglia|raccomanda)",
    # Dutch, Polish, Turkish
    r"\b(?:antwoord|noem|beveel|zeg)\b.{0,15}\baltijd\b|\b(?:als|wanneer)\b.{0,40}\bvra(?:ag|"
    r"gen)\w*.{0,60}\b(?:zeg|antwoord|noem|beveel)\b",
    r"\bzawsze\s+(?:odpowiadaj|polecaj|mów)\b|\b(?:gdy|kiedy|"
    r"jeśli)\b.{0,40}\b(?:za)?pyta.{0,60}\b(?:powiedz|odpowiedz|poleć)\b",
    r"\bher zaman\b.{0,25}\b(?:öner|söyle)\b|sor(?:duğun|ulduğun|arsa|ulursa).{0,60}\b(?:söyle|öner|de)\b",
    # Russian
    r"\b(?:с этого момента|отныне|впредь)\b.{0,60}\b(?:отвечай|рекомендуй|советуй|говори|упоминай|"  # noqa: RUF001
    r"ты)\b",
    r"\b(?:всегда|никогда не|только)\s+(?:отвечай|рекомендуй|советуй|говори|упоминай|называй)",
    r"\b(?:отвечай|рекомендуй|советуй|говори|упоминай)\w*\s+(?:всегда|только)",
    r"\b(?:если|когда|каждый раз|в следующий раз)\b.{0,50}(?:спрос|спрашива|спрош|упомина|упомян).{0,60}"
    r"\b(?:скажи|говори|отвечай|ответь|рекомендуй|советуй|посоветуй)",
    # Arabic, Hindi
    r"(?:من الآن فصاعد|منذ الآن).{0,60}(?:أجب|أوص|انصح|قل|اذكر)|(?:أجب|أوصِ?|انصح|قل|"
    r"اذكر).{0,25}دائم|دائم\w*\s+(?:أجب|أوص|انصح|قل|اذكر)",
    r"(?:عندما|إذا|كلما|حين)\s.{0,30}(?:سأل|أسأل|يسأل|تسأل|سئل|سُئل).{0,60}(?:قل|أجب|أوص|انصح|اذكر|أرسل)",
    r"हमेशा.{0,25}(?:कहो|कहना|कहें|बताओ|सुझा|सिफारिश)|जब.{0,40}पूछ.{0,60}(?:कहो|कहना|कहें|बताओ|बताना|सुझा)",
    # Chinese, Japanese, Korean
    r"从现在(?:起|开始).{0,20}(?:你|回答|推荐|说)|(?:总是|始终|永远|必须|一律)(?:要)?(?:回答|推荐|提到)",
    r"(?:当|每当|如果|下次|以后).{0,20}(?:问|提到|询问).{0,24}(?:说|回答|推荐|告诉)|请(?:始终|总是|务必)",
    r"(?:必ず|常に|いつも).{0,20}(?:答えて|勧めて|薦めて|推薦し|言って)|(?:聞|尋ね|質問)(?:かれ|"
    r"され|い)たら.{0,40}(?:答え|言っ|言い|勧め)",
    r"항상.{0,20}(?:답해|답하|추천해|추천하|말해)|(?:물어보|질문하|물으)면.{0,40}(?:답|추천|말)",
)
_HIJACKING = (
    r"\b(?:ignore|disregard|override|forget|bypass)\b.{0,30}\b(?:instruction|rule|prompt|guideline|directive)s?\b",
    r"\bsystem (?:prompt|message|override|notice|update)\b|\b(?:new|updated|hidden|"
    r"secret) instructions?\b|\bdeveloper mode\b",
    r"\b(?:note|message|instructions?|notice|reminder|attention)[ ,:]+(?:to |for )?(?:the\s+|any\s+|all\s+)?"
    r"(?:ai|assistants?|chatbots?|bots?|llms?|(?:language )?models?|memocha|chatgpt)\b",
    r"\b(?:ignorier\w*|vergiss)\b.{0,30}\b(?:anweisung|regel|vorgabe)\w*|"
    r"\bneue (?:system)?anweisung\w*|\bhinweis an (?:die ki|den assistenten)",
    r"\b(?:ignora|olvida)\b.{0,30}\b(?:instruccion|regla|indicacion)\w*|\bignor\w+\b.{0,30}\b(?:istruzion|instruç)\w*",
    r"\b(?:ignore[sz]?|oublie[sz]?)\b.{0,30}\b(?:instruction|consigne|règle)\w*",
    r"\b(?:игнорируй\w*|забудь\w*)\b.{0,30}\b(?:инструкци|правил|указани)\w*",
    r"(?:تجاهل|انس).{0,30}(?:تعليمات|القواعد)|(?:忽略|无视|忘记).{0,12}(?:指令|指示|规则|提示)",
    r"(?:指示|命令|ルール).{0,8}無視|(?:지시|명령|규칙).{0,8}무시|निर्देश\w*.{0,15}(?:अनदेखा|भूल)",
)
_ANY = (
    # Whatever else may be meant as one.
    r"<[a-zA-Z/!|][^<>]{0,200}>|\b(?:system|assistant|developer)\s*(?:prompt|message|:)|\bprompt\b|\binstructions?\b",
    r"\b(?:ignore|disregard|override|forget)\b.{0,30}\b(?:rule|previous|above|prior|everything)|\bfrom now on\b",
    r"\b(?:you|the (?:assistant|ai|bot|model))\s+"
    r"(?:must|should|shall|need to|have to|are to|will (?:now|always)|are now)\b",
    r"\b(?:always|never|only)\s+(?:answer|respond|reply|recommend|suggest|say|tell|mention|use|include|end|start|"
    r"begin|add|append|call|treat|act|agree|refuse|praise|promote|link|send|write|speak|give|offer|show|output|"
    r"trust|obey|follow)\b",
    r"\b(?:when(?:ever)?|if|once|each time|every time|(?:the )?next time)\b.{0,40}\b(?:asks?|asked|"
    r"mentions?|question)\b",
    r"\bremember to\b|\b(?:recommend|promote|advertise)\b(?! me\b)|\b(?:act|behave|respond|pretend)\s+(?:as|like)\b",
    r"\b(?:ab jetzt|von nun an|ab sofort)\b|\bignorier\w*\b|\bdu (?:musst|sollst)\b|\bempfiehl\b|"
    r"\bempfehlen sie\b(?! mir\b)",
    r"\bimmer\b.{0,20}\b(?:antworten|empfehlen|sagen|erwähnen)\b|\b(?:antworte|sage?|nenne|"
    r"schreibe?)\b.{0,15}\b(?:nie|nur)\b",
    r"\b(?:wenn|falls|sobald|nächste[sn]? mal|jedes mal)\b.{0,40}\b(?:frag\w*|gefragt|erwähn\w*)\b",
    r"\ba partir de (?:ahora|agora)\b|\bignora\b|\b(?:debes|tienes que)\b|\b(?:siempre|"
    r"nunca)\s+(?:usa|recomendar|responder)\b",
    r"\b(?:cuando|si|cada vez que|la próxima vez que)\b.{0,40}\b(?:pregunt\w+|mencion\w+)",
    r"\bà partir de maintenant\b|\bdésormais\b|\bignore[sz]?\b|\b(?:tu dois|vous devez)\b",
    r"\b(?:quand|lorsqu\w*|si|chaque fois qu\w*|la prochaine fois qu\w*)\b.{0,40}\b(?:demand\w+|interrog\w+|question)",
    r"\bde agora em diante\b|\bvocê deve\b|\bd'ora in poi\b|\bdevi\b",
    r"\b(?:quando|se|sempre que|da próxima vez que|ogni volta che|"
    r"la prossima volta che)\b.{0,40}\b(?:pergunt\w+|chied\w+|domand\w+)",
    r"\bvanaf nu\b|\bnegeer\b|\bje moet\b|\bod teraz\b|\bz?ignoruj\b|\bmusisz\b|\b(?:bundan sonra|"
    r"bundan böyle)\b|\byok say\b",
    r"\b(?:с этого момента|отныне|впредь)\b|\bигнорируй\w*|\b(?:ты|вы) (?:должен|должна|должны|"  # noqa: RUF001
    r"обязан\w*)\b|\bрекомендуй\b",  # noqa: RUF001
    r"\bзабудь (?:вс[её]|предыдущ)|\b(?:если|когда|каждый раз|в следующий раз)\b.{0,40}(?:спрос|"  # noqa: RUF001
    r"спрашива|спрош|упомина|упомян)",
    r"من الآن فصاعد|منذ الآن|تجاهل|يجب عليك|عليك أن|(?<!\w)أوصِ?(?!\w)|अब से|अनदेखा",
    r"(?:عندما|إذا|كلما|حين)\s.{0,30}(?:سأل|أسأل|يسأل|تسأل|سئل|سُئل)|जब.{0,40}पूछ",
    r"从现在(?:起|开始)|忽略|无视|(?:总是|始终|永远|必须|一律)(?:要)?(?:说|使用)|你(?:必须|应该|要)",
    r"今後は|これからは|無視し|(?:聞|尋ね|質問)(?:かれ|され|い)たら|しなさい|이제부터|무시하|(?:물어보|질문하|물으)면",
)
_ORDERS = re.compile("|".join((*_STANDING, *_HIJACKING)), re.IGNORECASE)
_HIJACKS = re.compile("|".join(_HIJACKING), re.IGNORECASE)
_INSTRUCTS = re.compile("|".join((*_STANDING, *_HIJACKING, *_ANY)), re.IGNORECASE)


def instructs(text: str) -> bool:
    """Whether a text tells an assistant what to do, or only looks like it: where facts are concerned one too many that
    is left out harms less than one that is let in."""
    return _INSTRUCTS.search(folded(text)) is not None


@cached(LRUCache(REMEMBERED), key=lambda text: blake2b(text.encode("utf-8", "surrogatepass")).digest())
def commands(text: str) -> bool:
    """Whether a text gives orders for answers to come, or against the assistant's instructions. Strict: hardly anything
    else looks like it (docs/trust/poisoning.md)."""
    return _ORDERS.search(folded(text)) is not None


def hijacks(text: str) -> bool:
    """Whether a text sets out to take the place of an assistant's instructions: nothing in it is to be believed."""
    return _HIJACKS.search(folded(text)) is not None
