"""Stands for the team's own trainer."""
