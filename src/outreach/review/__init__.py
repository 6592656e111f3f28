"""What staff make of conversations: judged against a checklist, flagged, tagged, noted; drawn by plans; how far they agree."""
