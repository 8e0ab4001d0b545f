# `make demo` and `make test` are all a fresh machine needs besides Python and make.
# Another Python: make demo PYTHON=/path/to/python3.12

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
CORE := $(VENV)/.core-installed
FULL := $(VENV)/.test-installed
SITE := $(VENV)/.docs-installed

# Both names, because pip reads the second for the build itself from version 25.3 on.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Where bytecode is not to be kept (containers ask for it), each process compiles 1,700 modules anew.
unexport PYTHONDONTWRITEBYTECODE

# The Pythons that the package is for, and the tests that each of them runs beside the first.
MATRIX := 3.11 3.12 3.13
MATRIX_TESTS := tests/test_body.py tests/test_compiling.py tests/test_draws.py tests/test_dependencies.py \
	tests/test_cli.py tests/test_record.py tests/engine tests/view/test_choice.py
TESTS :=
WARM :=
# What pip installs into $(VENV) for tests and lint, and what suffices for the tests of the matrix.
NEEDS := --editable '.[dev]'
MATRIX_NEEDS := --editable . hypothesis pytest pytest-xdist
# Of the full numbers of `make faults`.
SHARE := 1

.PHONY: help demo warm test test-long test-matrix test-newest test-wheel test-readme lint docs clean results \
	benchmarks faults mutants hashes

help:
	@echo "make demo        set up, run the headline experiment small (about two minutes)"
	@echo "make test        set up with the test tools, run the tests"
	@echo "make test-long   the tests that take minutes each"
	@echo "make test-matrix the tests of rules and drivers on each Python of $(MATRIX) found"
	@echo "make test-newest the same with the newest releases of all that it needs"
	@echo "make test-wheel  wheel and source archive, built and tried in empty environments"
	@echo "make test-readme a fresh clone in an empty home: install, then every command of the README"
	@echo "make lint        ruff and mypy"
	@echo "make docs        the site, into build/site: opens from the folder, without a network"
	@echo "make results     gate, calibrate, test all claims, write all reports (about two hours)"
	@echo "make benchmarks  measure speed"
	@echo "make faults      damage files and results, kill sweeps, write docs/reliability.md (an hour)"
	@echo "make mutants     change the code here and there: do the tests notice? (an hour)"
	@echo "make hashes      requirements-hashed.txt, for pip install --require-hashes"
	@echo "make clean       remove caches, builds and the demo's results"

demo: $(CORE)
	rm -rf results/demo
	$(BIN)/politburo-sim sweep experiments/unity-x-opportunism.toml --quick --out results/demo

# Before all tests of a fresh machine; a few need only what they compile themselves.
warm: $(FULL)
	$(BIN)/python -W ignore -m tests.warm $(WARM)

test: $(FULL)
	$(BIN)/python -m pytest -q -n 2 $(TESTS)

test-long: $(FULL)
	$(BIN)/python -m pytest -q -n 2 -m long

# An environment for each Python, .venv-3.12 and so on. One that is not there is named, not passed over.
# With -j several at a time.
test-matrix: $(MATRIX:%=matrix-%)

matrix-%:
	@found=$$($(call find_python,$*)); \
	if [ -z "$$found" ]; then \
		echo "!!! NOT TESTED, because not found on this machine: Python $*" >&2; exit 0; \
	fi; \
	echo "=== Python $*: $$("$$found" --version) at $$found"; \
	set -- VENV=".venv-$*" PYTHON="$$found" NEEDS="$(MATRIX_NEEDS)"; \
	$(MAKE) --no-print-directory "$$@" WARM=--one-size warm \
		&& $(MAKE) --no-print-directory "$$@" TESTS="$(MATRIX_TESTS)" test || exit 1; \
	".venv-$*/bin/python" -c '$(SAY_VERSIONS)'

# No constraints: the bounds of pyproject.toml alone. What results were made with is not touched.
test-newest:
	rm -rf .venv-newest
	$(MAKE) --no-print-directory test VENV=.venv-newest PIP_CONSTRAINT= PIP_BUILD_CONSTRAINT= \
		TESTS="$(MATRIX_TESTS)"
	@.venv-newest/bin/python -m pip list --format=freeze
	@.venv-newest/bin/python -c '$(SAY_VERSIONS)'

# On each Python of the matrix that is found: the wheel and all that it needs in an empty environment,
# then the source archive in its place.
test-wheel: $(FULL)
	rm -rf build/dist
	$(BIN)/python -m build --outdir build/dist
	@missing=; \
	for version in $(MATRIX); do \
		found=$$($(call find_python,$$version)); \
		if [ -z "$$found" ]; then missing="$$missing $$version"; continue; fi; \
		rm -rf build/empty; "$$found" -m venv build/empty || exit 1; \
		build/empty/bin/pip install --quiet build/dist/*.whl || exit 1; \
		( $(try_installed) ) || exit 1; echo "=== The wheel works on Python $$version"; \
		build/empty/bin/pip install --quiet --no-deps --force-reinstall build/dist/*.tar.gz || exit 1; \
		( $(try_installed) ) || exit 1; echo "=== The source archive works on Python $$version"; \
	done; rm -rf build/empty; \
	if [ -n "$$missing" ]; then \
		echo "!!! NOT TESTED, because not found on this machine: Python$$missing" >&2; \
	fi

# What is committed, cloned, with nothing of this user's home, settings or caches.
test-readme: $(FULL)
	rm -rf build/fresh
	git clone --quiet . build/fresh/clone
	mkdir build/fresh/home
	env -i HOME="$$PWD/build/fresh/home" PATH="$$PATH" make --no-print-directory -C build/fresh/clone demo
	POLITBURO_SIM_PROGRAM="$$PWD/build/fresh/clone/.venv/bin/politburo-sim" HOME="$$PWD/build/fresh/home" \
		$(BIN)/python -m pytest -q -n 0 -m "long or not long" tests/test_tour.py

# A warning, a dead link or a page that asks another host for something ends it with an error.
docs: $(SITE)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict
	$(BIN)/python -m tests.built_site build/site
	@echo "Site: build/site/index.html"

lint: $(FULL)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

results: $(FULL)
	$(BIN)/politburo-sim gate
	$(BIN)/politburo-sim fit
	$(BIN)/politburo-sim evidence
	$(BIN)/politburo-sim classify
	$(BIN)/politburo-sim scores
	$(BIN)/politburo-sim scores --closest
	$(BIN)/politburo-sim claims --seeds 3
	$(BIN)/politburo-sim claims --ensemble results/closest/sets.csv --out results/closest
	$(BIN)/politburo-sim sweep e12-agenda
	$(BIN)/politburo-sim sensitivity
	$(BIN)/politburo-sim ideals
	$(BIN)/politburo-sim votes
	$(BIN)/politburo-sim gallery

benchmarks: $(FULL)
	$(BIN)/python -m benchmarks.run

faults: $(FULL)
	$(BIN)/python -m tests.faults --share $(SHARE)

mutants: $(FULL)
	$(BIN)/python -W ignore -m tests.mutants --write

hashes: $(FULL)
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --extra cluster --no-header \
		--no-emit-options --constraint constraints.txt \
		--output-file requirements-hashed.txt pyproject.toml

clean:
	rm -rf build dist results/demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .numba_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	@echo "To start over from nothing, remove $(VENV) as well: rm -rf $(VENV) .venv-3.*"

# A stamp stands for a finished install: it is made last, and again when what is needed changes.
# Of the libraries only what is imported is compiled to bytecode, and then.
$(CORE): pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing the core into $(VENV) (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --no-compile --editable .
	@$(call check_libraries)
	@touch $@

$(FULL): pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing the core and the test tools into $(VENV) (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --no-compile $(NEEDS)
	@$(call check_libraries)
	@touch $@ $(CORE)

$(SITE): $(FULL)
	@echo "Installing what the site needs into $(VENV)"
	@$(BIN)/python -m pip install --quiet --no-compile --editable '.[docs,workbench]'
	@touch $@

# Compiled wheels can lack a library of the system, which shows only on import.
define check_libraries
said=$$($(BIN)/python -c 'import numba, scipy, pyarrow, matplotlib' 2>&1) || { \
	echo "$$said" | tail -n 1; \
	case "$$said" in *libgomp*) echo "On Debian or Ubuntu: apt-get install libgomp1";; esac; \
	exit 1; }
endef

# A name on the path is not yet a Python that runs (version managers leave stubs), so each is asked.
$(BIN)/pip:
	@found=; seen=; \
	for candidate in $(if $(PYTHON),'$(PYTHON)',python3 python3.13 python3.12 python3.11); do \
		version=$$("$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) \
			|| continue; \
		seen="$$seen $$candidate is $$version;"; \
		case "$$version" in 3.11|3.12|3.13) found=$$candidate; break;; esac; \
	done; \
	if [ -z "$$found" ]; then \
		echo "No Python from 3.11 to 3.13 (found:$${seen:- none})"; \
		echo "Install one of them, or name it: make $(or $(MAKECMDGOALS),demo) PYTHON=/path/to/python3.12"; \
		exit 1; \
	fi; \
	if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "$$found ($$version) has no venv module."; \
		echo "On Debian or Ubuntu: apt-get install python3-venv (or python$$version-venv)"; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$found ($$version)"; \
	"$$found" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# Far from the checkout, as somebody would who has installed it.
define try_installed
cd build/empty && bin/politburo-sim --version && bin/politburo-sim list > listed \
	&& bin/politburo-sim check ussr-1922 && bin/politburo-sim run power-game --seed 1 > told && test -s told
endef

# On the path (a version manager's stub does not count), under pyenv, or known to uv.
define find_python
for candidate in "python$(1)" $$(ls -d "$$(pyenv root 2>/dev/null)"/versions/$(1).*/bin/python \
		2>/dev/null) "$$(uv python find $(1) 2>/dev/null)"; do \
	case "$$("$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" in \
		$(1)) echo "$$candidate"; break;; esac; done
endef
SAY_VERSIONS := import mesa, numba, numpy, sys; \
	print("=== passed on Python", sys.version.split()[0], "with NumPy", numpy.__version__, \
	"numba", numba.__version__, "Mesa", mesa.__version__)
