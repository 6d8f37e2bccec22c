"""Amounts of money."""

from __future__ import annotations


def money(amount: float) -> str:
    """US dollars with as many digits as small amounts need."""
    if amount == 0:
        return "$0"
    if amount < 0.0001:
        return "< $0.0001"
    return f"${amount:.4f}" if amount < 0.01 else f"${amount:.3f}" if amount < 1 else f"${amount:,.2f}"
