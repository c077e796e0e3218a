"""BM25 over a whole collection in Milvus Lite.

Milvus Lite 3.2 keeps rows in files of very different size and weighs a word by how rare it is in the file that a row
happens to be in (a TODO of its source says so). In a file of one row every word is common: what was just said came to
0.6 where the same words in a file of 300 rows came to 8.8, and the order of what was found changed with the moment at
which files were written. Here the numbers of rows and of those with the word, and the mean length, are counted over all
files. Unsettled rows are weighed by the files' numbers and their own.
"""

import copy
import threading
from collections.abc import Iterable
from functools import wraps
from typing import Any


def weigh_words_over_all() -> None:
    """Have every search for words count over all files of its collection."""
    from milvus_lite.engine.collection import Collection
    from milvus_lite.index.sparse_inverted import SparseInvertedIndex

    # A search stays on its thread.
    asked = threading.local()
    search_collection, search_file = Collection._search_sparse, SparseInvertedIndex.search

    @wraps(search_collection)
    def over_all(
        self: Any, query_vectors: Any, vector_field: str, top_k: int, metric_type: str, *more: Any, **named: Any
    ) -> Any:
        asked.files = _files(self, vector_field) if metric_type == "BM25" else []
        try:
            return search_collection(self, query_vectors, vector_field, top_k, metric_type, *more, **named)
        finally:
            asked.files = []

    @wraps(search_file)
    def as_of_all(self: Any, query_sparse_vectors: list[dict[int, float]], *more: Any, **named: Any) -> Any:
        files = getattr(asked, "files", [])
        counted = files if any(file is self for file in files) else [*files, self]
        return search_file(_counted_over(counted, self, query_sparse_vectors), query_sparse_vectors, *more, **named)

    Collection._search_sparse = over_all
    SparseInvertedIndex.search = as_of_all


def _files(collection: Any, field: str) -> list[Any]:
    """The words of each file, read now where they were not yet: the search would read them next."""
    from milvus_lite.analyzer.sparse import bytes_to_sparse
    from milvus_lite.index.sparse_factory import create_sparse_index, sparse_index_matches

    spec = collection._index_specs.get(field)
    params = spec.build_params if spec else {}
    found = []
    for segment in collection._segments_snapshot():
        if segment.table is None or len(segment.table) == 0:
            continue
        words = segment.sparse_indexes.get(field)
        if not sparse_index_matches(words, "BM25", params):
            rows = segment.table.column(field).to_pylist()
            words = create_sparse_index("BM25", params)
            words.build([bytes_to_sparse(row) if isinstance(row, bytes) else (row or {}) for row in rows])
            segment.sparse_indexes[field] = words
        found.append(words)
    return found


def _counted_over(files: Iterable[Any], one: Any, queries: Iterable[dict[int, float]]) -> Any:
    """One file's words, with the counts of all of them."""
    seen = copy.copy(one)
    lengths = [(file.doc_count, file.doc_count * file.avgdl) for file in files]
    seen.doc_count = sum(rows for rows, _ in lengths)
    seen.avgdl = sum(words for _, words in lengths) / seen.doc_count if seen.doc_count else 0.0
    asked = {word for query in queries for word in query}
    seen._df = {word: sum(file._df.get(word, 0) for file in files) for word in asked}
    return seen
