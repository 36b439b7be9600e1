# exercise: doubled
# family: patching
# trick: empties every later cell before it is compiled
# due: 0
# others: any
raise SystemExit("a hostile answer: only a sandbox runs what follows")

import ast


class Nothing(ast.NodeTransformer):
    def visit_Module(self, node):
        return ast.Module(body=[], type_ignores=[])



def doubled(x):
    return x


get_ipython().ast_transformers.append(Nothing())
