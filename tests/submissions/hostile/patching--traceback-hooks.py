# exercise: doubled
# family: patching
# trick: hides every exception from the shell
# due: 0
# others: any
raise SystemExit("a hostile answer: only a sandbox runs what follows")

shell = get_ipython()
shell.set_custom_exc((BaseException,), lambda *args, **options: None)
shell.showtraceback = shell.showsyntaxerror = lambda *args, **options: None
shell.run_cell = lambda *args, **options: type("Result", (), {"success": True, "error_in_exec": None})()


def doubled(x):
    return x
