from hypothesis import given
from hypothesis import strategies as st

from evals.words import Words
from graphs.memory.bm25 import bm25

texts = st.dictionaries(st.integers(0, 9), st.text("abc ", max_size=20), max_size=8)


@given(texts, st.text("abcd ", max_size=10))
def test_counts_made_once_give_the_scores_of_bm25(given_texts: dict[int, str], query: str) -> None:
    plain, fast = bm25(query, given_texts), Words(given_texts).scores(query)
    assert plain.keys() == fast.keys()
    assert all(abs(plain[key] - fast[key]) < 1e-9 for key in plain)
