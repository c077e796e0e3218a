"""From candidates to the best memories. Nothing here asks a server: each step takes and gives plain values, so that a
better one can take its place.

    question   what is asked for: of whom, of when, of one thing or of several
    oneself    what is given where all that is known of the user is asked for
    fusion     one score from two
    neighbours what stands beside counts too
    priors     who said it, when, in what form, how it has served
    order      the best, nothing twice
    reranked   the best in the order of a model that reads them, where there is one
    confidence how sure it is that it is there
"""
