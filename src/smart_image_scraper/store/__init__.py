"""Store: photos in MongoDB, encrypted."""
