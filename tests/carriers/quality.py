"""The points every carrier's quality.md speaks to."""

POINTS = {
    "answers": "every action of the vocabulary has an answer: done, by hand, or a plain no",
    "words": "refusals come in words with what to do, never as codes",
    "pace": "limits carry date and source, and the far side's own count is obeyed",
    "outage": "an outage does nothing and is told apart from a call cut off",
    "cut-off": "a call cut off is looked up, repeated only where that changes nothing, else admitted unknown",
    "slow": "a stuck call is given up in time",
    "once": "nothing is done twice, nothing is silently dropped",
    "batches": "a batch answers each in its place",
    "twice": "news delivered twice or out of order are the same events",
    "strange": "unknown fields are passed over, unknown kinds kept and shown",
    "clock": "clocks that leap lose nothing and make nobody wait for ever",
    "restart": "a process killed at any moment loses nothing that was done",
    "apart": "one account never acts for another",
    "secrets": "tokens and keys are kept encrypted and never in a log",
    "language": "every sentence people see has its Chinese",
    "set-up": "a page tells how to connect it, step by step, and what needs a hand",
}

STATES = ("done", "to do", "not applicable")
