"""Where a model's thoughts end and its answer begins, by the marks that models of many makers use. Pure."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = (
    r"(?:\w+:)?(?:think\w*|(?:\w+_)?thoughts?|reason(?:ing)?|reflection|analysis|scratchpad|(?:inner_)?monologue|cot|draft"
    r"|plan(?:ning)?|notes?|critique)"
)

_OPENS: Final = re.compile(
    rf"<{_NAMES}\b[^<>]*>"
    r"|\[THINK(?:ING)?\]"
    r"|<\|(?:begin_of_thought|START_THINKING|thinking|think)\|>"
    r"|◁think▷"
    r"|<unused94>(?:thought\b)?"
    r"|(?:<\|start\|>assistant)?<\|channel\|>(?:analysis|commentary)\b[^{}\n]{0,80}?<\|message\|>",
    re.IGNORECASE,
)
"""XML-like tags of many models, Magistral, Sky-T1, Command A, Kimi, MedGemma, and the channels of gpt-oss."""

_CLOSES: Final = re.compile(
    rf"</{_NAMES}\s*>"
    r"|\[/THINK(?:ING)?\]"
    r"|<\|(?:end_of_thought|END_THINKING|/thinking|/think)\|>"
    r"|◁/think▷"
    r"|<unused95>"
    r"|<\|end\|>"
    r"|(?:<\|start\|>assistant)?<\|channel\|>final\b[^{}\n]{0,80}?<\|message\|>",
    re.IGNORECASE,
)


_ENDS_A_TURN: Final = "<|end|>"
"""Closes a thought if one is open; otherwise it only ends what was said, as models of the Phi family do."""


def split_thoughts(text: str) -> tuple[str, str]:
    """Return `text` without its thoughts, and the last of the thoughts; either may be empty.

    A closing mark without an opening one ends a thought that began with the text: the opening mark is often part of the
    prompt. An opening mark without a closing one begins a thought that never ends.
    """
    said, thought, start, thinking = "", "", 0, False
    for mark in sorted([*_OPENS.finditer(text), *_CLOSES.finditer(text)], key=re.Match.start):
        closes = _CLOSES.fullmatch(mark[0]) is not None
        part = text[start : mark.start()]
        if closes and thinking:
            thought = part
        elif closes and mark[0] != _ENDS_A_TURN:
            thought, said = said + part, ""
        elif not closes and not thinking:
            said += f"{part}\n"  # so that no number comes of two halves
        else:
            continue
        start, thinking = mark.end(), not closes
    return (said, text[start:]) if thinking else (said + text[start:], thought)
