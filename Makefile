# make train   sets up .venv and trains a capsule network on the digits in the package
# make test    sets up .venv and runs every notebook
SHELL := /bin/bash
VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.installed
# the first Python that is new enough; `make PYTHON=/path/to/python train` takes another
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(if $(shell $(p) -c 'import sys; print(sys.version_info[:2] >= (3, 11) or "")' 2>/dev/null),$(p))))
# notebooks side by side, so one thread each; one more than there are cores, since some wait for browsers and terminals
# and what they free stays with them, see 40e_start
TEST  := OMP_NUM_THREADS=1 MALLOC_TRIM_THRESHOLD_=2147483647 MALLOC_MMAP_THRESHOLD_=1073741824 $(BIN)/nbdev_test
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
WORKERS ?= $(shell echo $$(($(CORES) < 8 ? $(CORES)+1 : 8)))

.PHONY: help setup train explore test slow notebooks readme docs hooks clean
help:
	@sed -n 's/^# make \([^ ]*\)  */\1|/p' Makefile | while IFS='|' read -r what does; do printf 'make %-10s %s\n' "$$what" "$$does"; done
	@echo "ARGS='--data mnist' goes to the command of train, explore and docs; NB=nbs/01_routing.ipynb to test"

# make setup   sets up .venv, which all others do, too
# The stamp holds what the environment was made from: folder and requirements. It is written last, so an interrupted set-up is taken up again.
setup:
	@want="$(CURDIR) $$(cat settings.ini setup.py pyproject.toml | cksum)"; \
	if [ "$$(cat $(STAMP) 2>/dev/null)" = "$$want" ] && $(BIN)/python -c '' 2>/dev/null; then exit 0; fi; \
	if [ -z "$(PYTHON)" ]; then echo 'capsnb needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python train' >&2; exit 2; fi; \
	set -e; echo 'setting up $(VENV) (PyTorch is large: 7 GB on disk, and some minutes without a word, once)'; \
	$(BIN)/python -m pip --version >/dev/null 2>&1 && [ "$$(sed 's/ [0-9]* [0-9]*$$//' $(STAMP) 2>/dev/null || echo '$(CURDIR)')" = '$(CURDIR)' ] || $(PYTHON) -m venv --clear $(VENV); \
	rm -f $(STAMP); \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --upgrade pip; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[dev]'; \
	echo "$$want" > $(STAMP)

# e.g. make train ARGS='--data mnist --arch capsnet'
train: setup
	@$(BIN)/capsnb_train $(ARGS)

# make explore opens the routing explorer in a browser; Ctrl-C ends it
explore: setup
	@$(BIN)/capsnb_explore $(ARGS)

# e.g. make test NB=nbs/01_routing.ipynb
test: setup
	@tmp=$$(mktemp -d); trap "rm -rf '$$tmp'" EXIT; log=$$tmp/log; export TMPDIR=$$tmp; \
	$(TEST) $(if $(NB),--path '$(NB)',--n_workers $(WORKERS)) --do_print --timing $(FLAGS) 2>&1 | tee $$log; code=$${PIPESTATUS[0]}; \
	failed=$$(sed -n '/^nbdev Tests Failed/,$$p' $$log | grep -c '\.ipynb$$'); all=$$(grep -c '^Starting ' $$log); \
	if [ $$code -ne 0 ] && [ $$failed -eq 0 ]; then failed=1; fi; if [ $$all -lt $$failed ]; then all=$$failed; fi; \
	echo "$$((all-failed)) passed, $$failed failed"; [ $$code -eq 0 ] && [ $$all -gt 0 ]

# make slow    runs the notebooks that have slow cells, those cells too
slow: setup
	@names=$$(grep -l '"#| slow' -r nbs --include='*.ipynb' | sed 's|.*/||; s|\.ipynb$$||' | paste -sd'|'); \
	$(MAKE) --no-print-directory test WORKERS=$(CORES) FLAGS="--flags slow --file_re '^($$names)[.]ipynb'"

# make notebooks   executes all notebooks in place, cleans them, and brings package and README up to date
notebooks: setup
	@set -e; $(BIN)/nbdev_export; for nb in $$(find nbs -name '*.ipynb' -not -path '*/.*' | sort); do echo $$nb; $(BIN)/jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.store_widget_state=False --log-level ERROR $$nb; done; \
	$(BIN)/nbdev_clean; $(MAKE) --no-print-directory readme

# make readme   writes README.md from nbs/index.ipynb
readme: setup
	@set -o pipefail; $(BIN)/python -c 'import json; nb = json.load(open("nbs/index.ipynb")); nb["metadata"]["language_info"] = {"name": "python"}; print(json.dumps(nb))' \
	| $(BIN)/jupyter nbconvert --stdin --to markdown --stdout --log-level ERROR --RegexRemovePreprocessor.patterns='#\|\s*hide' \
	| sed -e '/^<style>/,/^<\/style>/d' -e 's#](\(images\|results\)/#](nbs/\1/#g' -e 's#](\([0-9a-z_/]*\.ipynb[^)]*\))#](nbs/\1)#g' | cat -s > .README.new && mv .README.new README.md || { rm -f .README.new; exit 1; }

# make docs    makes the documentation site from the notebooks, in _docs/
docs: setup
	@$(BIN)/python -c 'from capsnb.docs import capsnb_docs; capsnb_docs.main()' $(ARGS)

# make hooks   git hooks and settings of nbdev: notebooks are cleaned, merge, and diff as text
hooks: setup
	@$(BIN)/nbdev_install_hooks && git checkout -- .gitconfig .gitattributes

# make clean   removes .venv and all that was built
clean:
	rm -rf $(VENV) build _docs _proc *.egg-info
