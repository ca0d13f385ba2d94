"""Export: photos from the store into files that others read."""
