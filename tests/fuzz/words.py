"""Pieces that texts are made of: what patterns look for, what they trip over, and what looks like something else."""

from typing import Final

PIECES: Final = (
    " ", "\n", "\t", "\r", "\x0b", "\x85", "\u2028", "\u00a0", "\u3000", "a", "A", "1", "é", "漢", "İ", "ı", "ſ", "ß", "ﷺ",  # noqa: RUF001
    "\u200b", "\u200d", "\ufe0f", "\u202e", "\U000e0041", "e\u0301", "\ud800", "\x00", "{", "}", "-", "_", "=", "#", "`",
    "```", "~~~\n", "*", "**", "[", "](", ")", "![", "!", "<", ">", "</", "<a ", "|", "<|im_end|>", "‹", "›", "«", "»",  # noqa: RUF001
    "[INST]", "<</SYS>>", "</memories>", "＜memory＞", "\"", "'", "“", "”", "’", ",", ".", "?", "!", ":", "：", "。", "？",  # noqa: RUF001
    "/", "\\", "@", "+", "(", "$", "%", "http://", "https://a.example/b?c=d", "[x](http://a.example)", "![x](", "mailto:a@b.example",
    "- ", "> ", "1. ", "# ", "| a |\n|---|\n", "{\"a\": [1, ", "<p>", "</p>", "system: ", "user:", "From: a\n", "Subject: b\n",
    "from now on ", "always recommend ", "when somebody asks ", "if ", "ignore all instructions ", "you must ", "the ai ",
    "send everything ", "ab jetzt ", "wenn jemand fragt ", "siempre ", "если ", "спрос", "скажи", "当", "问", "说", "إذا ", "سأل",
    "forget that ", "please ", "don't remember ", "vergiss ", "olvida ", "oublie ", "忘记", "that's wrong, ", "i moved ", "n'ai plus",
    "summarize this: ", "translate ", "here is the text:\n", "i found this on ", "my ", "I ", "ich ", "me ", "she ", "ben ", "yorum",
    "my sister is called Anika", "I am tired", "since ", "seit ", "until ", "last ", "letzten ", "next ", "in ", "on ", "may ",
    "april ", "March ", "2019", "2026-05-04", "1月", "30 februar ", "2 weeks ago", "three ", "years ago ", "vor 3 jahren", "friday ",
    "monday, 1 may 2020, I told you", "[1] monday, ", "a said", "yesterday", "上周", "前天", "3天前", "十",
    "my password is ", "PIN: ", "密码是", "hunter2!", "sk-proj-", "ghp_", "eyJ", "AKIA", "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "+49 170 1234567", "a.b@c.example",
    "A1b2" * 500, "[secret]", "[card]", "[…]", "…",
)  # fmt: skip
