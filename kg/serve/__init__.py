"""The graph in a browser: pages to look around in, and a SPARQL endpoint. On this machine, without a CDN, and read-only
but for what whoever has the token decides of names (`unsure`).

    edition     a copy of the store that pages and queries read, and what is worked out of it once
    names       who is called what: the search
    reading     claims near a thing, in words
    lanes       worker processes for what may take long: killed at a time limit, and replaced
    protocol    the SPARQL 1.1 Protocol: what a request asks
    work        what the worker processes do
    guard       who may ask: Host, Origin; what a page may load
    views       an answer as a table, a graph, a map, a timeline
    formats     a page's model as JSON and CSV
    app         the routes

Each other module is a page or a part of one: a function from an edition to a frozen dataclass, which a template shows.
"""
