"""Reaching addresses that people, models and documents name, without reaching what only this machine may."""
