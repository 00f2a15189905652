"""Writing an appeal: saved as it is typed, edited by several, pasted from a plain letter, looked at before it leaves."""
