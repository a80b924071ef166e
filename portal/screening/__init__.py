"""WHAT: the language of indicators, its evaluators, and the choice of a channel."""
