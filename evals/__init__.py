"""How well memory finds what a question needs: data sets, systems to compare, metrics, reports.

Run by `memocha eval`; docs/evaluation.md says what each number means.
"""
