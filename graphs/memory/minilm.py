"""MiniLM-L6-v2, quantised to 8 bits, in this process."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from graphs.memory.sentences import Encoder, Ids, SentenceEmbedder, open_session

LONGEST = 256
"""Word pieces that the model sees of a text."""


class MiniLM(SentenceEmbedder):
    """For English. Measured on one core: 8 word pieces 3.5 ms, 100 24 ms, 256 69 ms; a second thread takes 3.2, 16 and
    42 ms, so one is enough for questions."""

    name = "minilm-l6-v2-int8"
    dimensions = 384
    # Of ten plain facts and questions about them the right pairs lay between 0.46 and 0.83; of ten questions about
    # something else none came nearer to any of them than 0.30.
    relevant_from = 0.30

    def __init__(self, model: Path, tokenizer: Path, threads: int = 1) -> None:
        """Reads both files (0.2 s). `threads`: cores for one pass."""
        pieces = Tokenizer.from_file(str(tokenizer))
        pieces.enable_truncation(LONGEST)
        pieces.no_padding()
        session = open_session(model, threads)
        taken = {given.name for given in session.get_inputs()}

        def feed(ids: Ids, mask: Ids) -> dict[str, NDArray[np.generic]]:
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            return {name: given[name] for name in taken}

        super().__init__(Encoder(pieces.encode_batch, session, feed))
