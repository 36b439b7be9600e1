"""nbgrader's configuration of this course: run nbgrader's own commands in this folder.

Submissions lie in ``submitted/ID/LAB/LAB.ipynb``; source notebooks are built by ``ntklab build``. The steps below make
``nbgrader autograde`` grade exactly as ``ntklab grade`` does: rebuilt notebooks, student code in a sandbox only.
"""

from ntklab.grading.nbgrader_steps import configure

c = get_config()  # noqa: F821 - nbgrader defines it
configure(c)
c.CourseDirectory.course_id = "ntklab"
c.CourseDirectory.source_directory = "../build/source"
