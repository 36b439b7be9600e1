"""nbgrader's configuration of this course: run nbgrader's own commands in this folder.

Submissions lie in ``submitted/ID/LAB/LAB.ipynb``; source notebooks are built by ``ntklab build``. The steps below make
``nbgrader autograde`` grade exactly as ``ntklab grade`` does: rebuilt notebooks, student code in a sandbox only.
"""

from ntklab.grading.nbgrader_steps import configure

c = get_config()  # noqa: F821 - nbgrader defines it
configure(c)
c.CourseDirectory.course_id = "ntklab"
c.CourseDirectory.source_directory = "../build/source"

# When labs are due, and what lateness costs (course/instructor.md, "Late points"):
# c.LatePolicy.due = {"lab03-two-layer-ntk": "2026-10-12 23:59 Europe/Paris"}
# c.LatePolicy.percent_per_day = 10  # of the points earned, for each day begun
# c.LatePolicy.cap = 50  # never more than half
# c.LatePolicy.grace_minutes = 15
# c.LatePolicy.extensions = {"lab03-two-layer-ntk": {"alovelace": "2026-10-19 23:59 Europe/Paris"}}

# Several markers at once: the gradebook on a server instead of in course/gradebook.db ("The gradebook on a server"):
# c.CourseDirectory.db_url = "postgresql://ntklab@localhost/ntklab"
