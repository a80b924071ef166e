"""Prints and exchange files."""
