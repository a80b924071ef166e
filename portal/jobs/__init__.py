"""The timetable of the scheduler, and the jobs that it wakes."""
