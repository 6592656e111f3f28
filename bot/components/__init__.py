"""Parts of the pipeline that are ours."""
