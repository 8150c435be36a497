"""The demo campus: courses, pictures and people of our own making, so that a new installation has something to show."""
