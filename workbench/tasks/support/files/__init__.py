"""What is read of users' files: tables, arrays and texts, in a stream."""
