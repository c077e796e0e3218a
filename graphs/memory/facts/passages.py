"""What of a message the person says themselves, and what they only pasted in.

A message may carry an article to be summarised, a mail from somebody else, code, a transcript, or text made to look
like a part of the prompt. None of it is a statement of the person's about themselves, so no model that looks for
facts is shown it, and no quote may come from it.
"""

import re

from graphs.inert import visible
from graphs.memory.facts.person import speaks_of_self

CUT = " […] "
"""Stands where something was left out; no quote reaches over it."""
LONG_PARAGRAPH = 600
"""Characters from which a paragraph that never says "I" counts as pasted."""
LONG_QUOTATION = 120
"""Characters from which what stands in quotation marks counts as somebody else's."""
PASTED_FROM = 60
"""Characters that must follow "here is a text:" for it to be one and not a list of two words."""

_FENCE = re.compile(r"(```+|~~~+).*?(?:\1|\Z)", re.DOTALL)
_OPENS = re.compile(r"<(?!https?:|mailto:)[a-zA-Z_!][\w.-]*(?=[\s/>])[^<>]{0,300}>")
_CLOSES = re.compile(r"</[a-zA-Z_][\w.-]*\s*>")
_TEMPLATE = re.compile(
    r"(?:<\s?\|[^<>\n|]{1,40}\|\s?>|<(?:start|end)_of_turn>|\[/?(?:INST|SYS|SYSTEM(?:_PROMPT)?|TOOL_\w+)\]|<</?SYS>>|"
    r"^[ \t]*#{1,6}[ \t]+\S|^[ \t]*-{3,}[ \t]*BEGIN\b|^[ \t]*+(?:={6,}+|={3,}+[^=\n]++={3,}+)[ \t]*+$).*",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)
"""A mark of a chat template, or the heading of a document: who writes such a thing pastes, and what follows too."""
_TAG = re.compile(r"</?[a-zA-Z_!][^<>\n]*>|<\|[^<>\n]*\|>|\[/?(?:INST|SYS|SYSTEM)\]", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>|\|).*$", re.MULTILINE)
_ROLE_LINE = re.compile(
    r"^[ \t]*[*#_\[({【]*(?:user|human|assistant|system|developer|ai|bot|chatgpt|gpt|claude|gemini|"
    r"model|memocha|memory|"
    r"memories|tools?|tool_(?:call|result|response)|function(?:_call)?|observation|thought|action|"
    r"instructions?|input|output|"
    r"response|utilisateur|système|nutzer|benutzer|assistent|usuario|asistente|sistema|utente|assistente|usuário|"
    r"пользователь|ассистент|система|память|المستخدم|المساعد|النظام|用户|用戶|助手|系统|系統|记忆|"
    r"ユーザー|アシスタント|システム|"
    r"사용자|시스템)"
    r"(?:[ _](?:prompt|message|note|call|result|input|output|override))?[\])}】*_]*\s*[:：].*$",  # noqa: RUF001
    re.MULTILINE | re.IGNORECASE,
)
_SAYS = r"(?:I told you|you told me|the user told you|you told the user|\w+ said)"
_MEMORY_LINE = re.compile(
    rf"^[ \t]*+(?:(?:[-*•]|\[\d+\])[ \t]*+)?(?:\w+day, )?\d{{1,2}}\.? \w+ \d{{4}},? {_SAYS}\b.*$"
    rf"|\b\w{{3,6}}day, \d{{1,2}} \w+ \d{{4}},? {_SAYS}\b[^\n]*:.*$"
    r"|^[ \t]*\[\d+\][ \t]*\w+day, \d{1,2} \w+ \d{4}: .*$",
    re.MULTILINE,
)
_MAIL = re.compile(
    r"^[ \t]*(?:from|to|subject|sent|von|an|betreff|de|para|asunto|objet|от|кому|тема|من|إلى|"
    r"الموضوع|发件人|收件人|主题)"
    r"[ \t]*[:：].*",  # noqa: RUF001
    re.IGNORECASE,
)
_QUOTATION = re.compile(rf"[\"“„«「『]([^\"“”„«»「」『』]{{{LONG_QUOTATION},}})[\"”“»」』]")
_ANY_QUOTATION = re.compile(
    r"[\"“„«「『]([^\"“”„«»「」『』\n]{3,400})[\"”“»」』]|(?<!\w)[‘']([^‘'’\n]{3,400})[’'](?!\w)"  # noqa: RUF001
)
_URL = re.compile(r"\b(?:https?|ftp)://\S+", re.IGNORECASE)
_TASK = re.compile(
    r"\b(?:summari[sz]e|translate|proofread|rewrite|rephrase|paraphrase|shorten|polish|edit|review|analy[sz]e|"
    r"what (?:does|do) (?:this|the following)|(?:the|this) following|here(?:'s| is| are) (?:an?|the|my|our|this|some) "
    r"(?:\w+ ){0,3}?(?:article|e-?mail|text|letter|story|essay|document|message|draft|paragraph|review|report|log|"
    r"transcript|notes?|poem|chapter|post|abstract|contract|code|output|page|website)|"
    r"(?:article|document|text|e-?mail|transcript|letter|story|log|(?:web ?)?page|website|site|message|review) "
    r"(?:below|says|reads|tells)|"
    r"(?:i )?(?:found|copied|pasted|read) (?:this|the following)\b(?: \w+){0,4}? (?:on|from|in|at)\b|"
    r"fasse?n? (?:\w+ ){0,4}zusammen|zusammenfassen|übersetze?n?|korrigiere?n?|formuliere?n?|"
    r"(?:auf der|die) (?:web)?seite (?:steht|sagt)|"
    r"resume|resumir|traduce|traducir|corrige|corregir|la página dice|résume[rz]?|traduis|traduire|corrige[rz]?|"
    r"reformule[rz]?|la page dit|traduz(?:a|ir)?|resum[ae]|traduci|riassumi|correggi|"
    r"перевед\w+|перескаж\w+|резюмир\w+|исправь\w*|вот (?:статья|письмо|текст|страница)|на (?:сайте|"
    r"странице) (?:написано|пишут))\b"
    r"|翻译|总结|摘要|润色|改写|校对|网页(?:上)?(?:说|写)|翻訳|要約|添削|번역|요약|ترجم|لخص|لخّص|"
    r"صحح|(?:الصفحة|الموقع) (?:تقول|يقول)|अनुवाद",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?:^|[.!?。！？\n])[ \t]{0,3}(?:(?:please|kindly|now|can|could|would|you|bitte|por favor|"  # noqa: RUF001
    r"s'il te plaît|пожалуйста|请|請|من فضلك)[, ]*)*"
    r"(?:summari[sz]e|translate|proofread|rewrite|rephrase|paraphrase|shorten|polish|fasse?n? zusammen|übersetze?n?|"
    r"korrigiere?n?|traduce|corrige|traduis|traduisez|résume[rz]?|traduz(?:a|ir)?|traduci|riassumi|"
    r"перевед\w+|перескаж\w+|"
    r"исправь\w*|翻译|总结|翻訳|要約|ترجم|لخص|صحح)",
    re.IGNORECASE,
)
"""A message that asks for something to be done with a text: what follows the colon is that text, however short."""
_OPENING = re.compile(r"[:：][ \t]*|\n")  # noqa: RUF001
_PAGE = re.compile(
    r"\b(?:accept (?:all )?cookies|cookie (?:policy|settings|preferences)|all rights reserved|"
    r"skip to (?:main )?content|"
    r"subscribe to our|share on (?:facebook|twitter|x)\b|(?:posted|published) (?:on|by)\b|\d+ min(?:ute)? read|"
    r"alle rechte vorbehalten|cookies akzeptieren|política de (?:cookies|privacidad)|todos los derechos reservados|"
    r"tous droits réservés|politique de confidentialité|mentions légales|все права защищены|"
    r"политика конфиденциальности)\b"
    r"|©|版权所有|隐私政策|جميع الحقوق محفوظة|سياسة الخصوصية",
    re.IGNORECASE,
)
"""What stands round the text of a web page."""
_KEYED = re.compile(r"[{\[]\s*(?:\{\s*)?[\"'“]?[\w.-]{1,40}[\"'”]?\s*:")
_LONGEST_DATA = 20_000
"""Characters of a piece of JSON within which its end is looked for."""
_ANGLES = str.maketrans("＜＞﹤﹥｜", "<><>|")  # noqa: RUF001


def own_words(text: str) -> str:
    """The message without what was pasted into it; `CUT` stands where something was left out."""
    text = "\n".join(visible(text).translate(_ANGLES).splitlines())  # what only some take for the end of a line, too
    text = _without_data(_FENCE.sub(CUT, text))
    text = _without_markup(_TEMPLATE.sub(CUT, text))
    for pattern in (_TAG, _QUOTED_LINE, _ROLE_LINE, _MEMORY_LINE, _URL, _QUOTATION):
        text = pattern.sub(CUT, text)
    kept: list[str] = []
    pasted = False
    paragraphs = re.split(r"\n[ \t]*\n", _without_task_text(text))
    page = any(_PAGE.search(paragraph) for paragraph in paragraphs)
    for number, paragraph in enumerate(paragraphs):
        pasted = pasted or len(_mail_lines(paragraph)) > 1 or (page and (number > 0 or _is_of_page(paragraph)))
        if pasted or (len(paragraph) >= LONG_PARAGRAPH and not speaks_of_self(paragraph)):
            kept.append(CUT)
        else:
            kept.append(paragraph)
    return _with_single_cuts("\n".join(kept))


def _with_single_cuts(text: str) -> str:
    """Neighbouring cuts as one, the white space around them taken in. No pattern: one that begins with a run of white
    space looks through it again from each of its characters."""
    first, *rest = text.split(CUT.strip())
    if not rest:
        return text.strip()
    *between, last = rest
    parts = [first.rstrip(), *(part for part in map(str.strip, between) if part), last.lstrip()]
    return CUT.join(parts).strip()


def unquoted(text: str) -> str:
    """The text without what stands in quotation marks."""
    return _ANY_QUOTATION.sub(CUT, text)


def only_quoted(words: str, text: str) -> bool:
    """Whether the words stand in the text between quotation marks alone: then it is somebody else who says them, or
    they are spoken of. Both as `records.plain` gives them."""
    within = [next(filter(None, found)) for found in _ANY_QUOTATION.findall(text)]
    if not any(words in each for each in within):
        return False
    return words not in unquoted(text)


def orders(sentence: str) -> bool:
    """Whether a sentence asks for something to be done with words that it holds: "Translate I am tired into French"."""
    return _ORDER.match(sentence) is not None


def _without_markup(text: str) -> str:
    """Without what lies between the first tag that opens something and the last one that closes anything."""
    if (opened := _OPENS.search(text)) is None:
        return text
    end = max((closed.end() for closed in _CLOSES.finditer(text, opened.end())), default=len(text))
    return text[: opened.start()] + CUT + text[end:]


def _without_data(text: str) -> str:
    """Without JSON, and what is written like it."""
    parts: list[str] = []
    at = 0
    while (found := _KEYED.search(text, at)) is not None:
        parts += [text[at : found.start()], CUT]
        at = _end_of_data(text, found.start())
    return "".join([*parts, text[at:]])


def _end_of_data(text: str, start: int) -> int:
    """Behind the bracket that closes what is opened at `start`; the text's end where none does."""
    depth = 0
    for at in range(start, min(len(text), start + _LONGEST_DATA)):
        if text[at] in "{[":
            depth += 1
        elif text[at] in "}]":
            depth -= 1
            if depth == 0:
                return at + 1
    return len(text)


def _without_task_text(text: str) -> str:
    """Without what follows "summarise this:": from the colon, or the line's end, to the end of the message."""
    cuts = [
        opening.start()
        for pattern, shortest in ((_ORDER, 1), (_TASK, PASTED_FROM))
        if (asked := pattern.search(text)) is not None
        and (opening := _OPENING.search(text, asked.end())) is not None
        and len(text) - opening.end() >= shortest
    ]
    return text[: min(cuts)] + CUT if cuts else text


def _is_of_page(paragraph: str) -> bool:
    return _PAGE.search(paragraph) is not None


def _mail_lines(paragraph: str) -> list[str]:
    return [line for line in paragraph.splitlines() if _MAIL.match(line)]
