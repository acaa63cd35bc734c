"""Asking a language model (here) and having it write dishes (`dishes/`).

The way of a question: `client` asks an `outcomes.Call` in one of the `request_forms` over the `transport`.
`interpretation` turns the reply into an outcome: `completions` finds the text in it, `thoughts`, `answer_text` and
`strict_json` the answer in the text, and `server_errors` explains what is no answer. A `deadline` and a `circuit` limit
how long and how often a server is asked; `usage` counts tokens, and `redaction` keeps secrets out of what is stored.
"""
