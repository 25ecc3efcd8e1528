"""What each tab shows, as pure functions from an image and settings to frozen dataclasses of numpy arrays."""
