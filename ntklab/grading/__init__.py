"""Trustworthy grading: student code in a sandbox, tests in a process that never runs student code.

``boundary`` says what may cross, ``worker`` is the sandbox's inside, ``sandbox`` its outside, ``executor`` runs one
rebuilt submission, ``rebuild`` makes the notebook that is graded, ``nbgrader_steps`` puts both into ``nbgrader
autograde``, ``batch`` grades a class.
"""
