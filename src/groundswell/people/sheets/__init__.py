"""Lists as other systems write them: read as a stream, their columns named, their rows understood. Pure but for the file."""
