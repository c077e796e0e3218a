"""multilingual-e5-small, in this process, for about a hundred languages."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace, WhitespaceSplit
from tokenizers.pre_tokenizers import Sequence as Both
from tokenizers.processors import TemplateProcessing

from graphs.memory.e5_file import BLOCK, BLOCK_BYTES, Pieces, read_e5, weights
from graphs.memory.e5_graph import onnx_of
from graphs.memory.sentences import Encoder, Ids, SentenceEmbedder, open_session, unit

LONGEST = 256
"""Pieces that the model sees of a text, of the 512 that it could: episodes are cut to fit."""


EVERYDAY = files("graphs.memory") / "e5_everyday.txt"


class E5(SentenceEmbedder):
    """Wang and others, 2024, "Multilingual E5 Text Embeddings", from 4-bit weights.

    All vectors of E5 lie close together (cosines of 0.7 to 0.9, whatever is said). What they have in common, the mean
    of everyday sentences in twelve languages, is taken from each: after Mu and Viswanath, 2018, "All-but-the-Top".
    It separates better too: evidence recall@10 by this alone on three conversations of LoCoMo was 0.53 before and 0.55
    after (MiniLM: 0.51). Measured on one core: 10 pieces 4 ms, 112 32 ms, 229 72 ms; a process grows by 450 MB.
    """

    name = "multilingual-e5-small-q4-centred"
    dimensions = 384
    # Ten plain facts in English, German, Spanish, French and Chinese, each with its question in the same language: the
    # right pairs lay between 0.14 and 0.84, 88 % at 0.26 or more. Of fifty questions about something else the
    # best match was 0.13 to 0.50, for a third of them above the bound: Chinese runs 0.1 higher than the others.
    relevant_from = 0.26

    def __init__(self, model: Path, threads: int = 1) -> None:
        """Reads the file and makes a model of it (1.5 s). `threads`: cores for one pass. Raises `NotAnE5File`."""
        file = read_e5(model)
        # The embeddings of 250,000 pieces stay on the disk in their 4 bits: a text needs few of them.
        words = file.blocks("emb.word").reshape(-1, file.width // BLOCK, BLOCK_BYTES)
        places = file.floats("emb.pos").reshape(-1, file.width) + file.floats("emb.type")[: file.width]

        def feed(ids: Ids, mask: Ids) -> dict[str, NDArray[np.generic]]:
            embeddings = weights(words[ids]).reshape(*ids.shape, -1) + places[: ids.shape[1]]
            return {"embeddings": embeddings, "attention_mask": mask}

        pieces, characters = _tokenizer(file.pieces), file.pieces.characters

        def cut(texts: Sequence[str]) -> list[Encoding]:
            return pieces.encode_batch([text.translate(characters) for text in texts])

        encoder = Encoder(cut, open_session(onnx_of(file), threads), feed, "query: ", "passage: ")
        everyday = [encoder.document + line for line in EVERYDAY.read_text(encoding="utf-8").splitlines()]
        super().__init__(encoder, centre=unit(encoder.hidden_mean(cut(everyday))).mean(axis=0))


def _tokenizer(pieces: Pieces) -> Tokenizer:
    """That of XLM-RoBERTa (0.6 s, 250 MB), for texts whose characters were replaced."""
    made = Tokenizer(Unigram(pieces.scored, unk_id=pieces.unknown, byte_fallback=False))
    made.pre_tokenizer = Both([WhitespaceSplit(), Metaspace(prepend_scheme="always")])
    begin, end = pieces.scored[pieces.begin][0], pieces.scored[pieces.end][0]
    made.post_processor = TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, pieces.begin), (end, pieces.end)]
    )
    made.enable_truncation(LONGEST)
    return made
