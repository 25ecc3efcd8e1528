"""What each tab shows, as pure functions from a picture and settings to frozen dataclasses of numpy arrays."""
