"""What are the planned events of a whole cohort? The plan over columns of subjects; needs the extra ``cohort``."""
