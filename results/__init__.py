"""What a study leaves behind: stored runs, tables, figures, maps, and the command line."""
