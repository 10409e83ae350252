{"name": "Upstream of the benchmark", "license": "LGPL-3", "depends": ["base"]}
