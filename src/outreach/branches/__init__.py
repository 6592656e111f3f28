"""Branches as customers name them: `naming` which of them the words can mean · `sounds` what is heard alike."""

from outreach.branches.naming import Known, leaves_it_open, named, names_another

__all__ = ["Known", "leaves_it_open", "named", "names_another"]
