"""The letter: compile, render, sign, pace. Pure, but for transports."""
